using System.Globalization;
using Weir.Caching;

namespace Weir.Tests.Caching;

/// <summary>Bodies in files that the kernel sends from.</summary>
public sealed class StoredFilesTests
{
    private const int Size = 100_000;

    private readonly Answers _world = new();

    [Theory]
    [InlineData(StoredFiles.BodyMin - 1, false)]
    [InlineData(StoredFiles.BodyMin, true)]
    [InlineData(Size, true)]
    [InlineData(StoredFiles.BodyMax, true)]
    [InlineData(StoredFiles.BodyMax + 1, false)]
    public void A_body_for_which_it_pays_is_there_byte_for_byte(int size, bool isThere)
    {
        var files = new StoredFiles(1L << 30);
        var answer = Asked("/a", size);
        var file = files.Enter(answer, 0);
        Assert.Equal(isThere, file is not null);
        Assert.Equal(isThere ? size : 0, files.Bytes);
        if (file is null)
            return;
        Assert.Equal(Bytes(size), Read(file));
        Assert.Same(file, files.Enter(answer, 0));
        file.Leave();
        file.Leave();
    }

    [Fact]
    public void Who_was_asked_for_once_or_twice_is_not_copied()
    {
        var files = new StoredFiles(1L << 30);
        Assert.Null(files.Enter(Asked("/a", Size, hits: StoredFiles.HitsMin - 1), 0));
        Assert.Equal(0, files.Bytes);
    }

    [Fact]
    public void Room_is_made_by_what_nobody_was_sent_from_of_late()
    {
        var files = new StoredFiles(2 * Size);
        var (a, b, c) = (Asked("/a", Size), Asked("/b", Size), Asked("/c", Size));
        files.Enter(a, 0)!.Leave();
        files.Enter(b, 0)!.Leave();
        // Both are in use; and for a second nobody looks again.
        Assert.Null(files.Enter(c, 0));
        files.Sweep();
        Assert.Null(files.Enter(c, 999));
        files.Enter(a, 1_000)!.Leave();
        files.Enter(c, 1_000)!.Leave();
        Assert.Null(b.Body.File);
        Assert.NotNull(a.Body.File);
        Assert.Equal(2 * Size, files.Bytes);
    }

    [Fact]
    public void A_file_lives_until_the_last_has_left_it()
    {
        var files = new StoredFiles(Size);
        var answer = Asked("/a", Size);
        var file = files.Enter(answer, 0)!;
        for (var second = 0; second <= 60; second++)
            files.Sweep();
        Assert.Equal(0, files.Bytes);
        Assert.Null(answer.Body.File);
        // Still sent from: its descriptor is its own.
        Assert.Equal(Bytes(Size), Read(file));
        file.Leave();
        Assert.False(file.TryEnter());
        Assert.NotNull(files.Enter(answer, 0));
    }

    private StoredAnswer Asked(string path, int size, int hits = StoredFiles.HitsMin)
    {
        var key = Answers.Key(path);
        var body = new StoredBody(size);
        body.Append(Bytes(size));
        body.End();
        var answer = new StoredAnswer
        {
            Key = key,
            Hash = _world.Store.Hash(key),
            Parts = Answers.Parts(key),
            VaryNames = [],
            VaryValues = [],
            Head = _world.Of(path).Head,
            Body = body,
            Figures = new Weir.Core.Caching.StoredFigures(0, 0, 60_000, -1, -1, Weir.Core.Caching.StoredFlags.None),
            Capture = _world.Purges.Last,
        };
        for (var hit = 0; hit < hits; hit++)
            AnswerStore.Use(answer, 0);
        return answer;
    }

    private static byte[] Bytes(int size) => [.. Enumerable.Range(0, size).Select(at => (byte)(at * 31 >> 3))];

    private static byte[] Read(StoredFile file) =>
        File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.Descriptor}"));
}
