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
        var files = Shelf(files: 4);
        var answer = Asked("/a", size);
        // The file is made beside the one who asks first.
        Assert.Null(files.Enter(answer, 0));
        var filed = files.Enter(answer, 0);
        Assert.Equal(isThere, filed is not null);
        Assert.Equal(isThere ? StoredFile.Capacity : 0, files.Bytes);
        if (filed is null)
            return;
        Assert.Equal(Bytes(size), Read(filed));
        Assert.Same(filed, files.Enter(answer, 0));
        filed.Leave();
        filed.Leave();
    }

    [Fact]
    public void Who_was_asked_for_once_or_twice_is_not_copied()
    {
        var files = Shelf(files: 4);
        var answer = Asked("/a", Size, hits: StoredFiles.HitsMin - 1);
        Assert.Null(files.Enter(answer, 0));
        Assert.Null(files.Enter(answer, 0));
        Assert.Equal(0, files.Bytes);
    }

    [Fact]
    public void Bodies_lie_behind_each_other_in_one_file()
    {
        var files = Shelf(files: 1);
        var answers = Enumerable.Range(0, StoredFile.Capacity / Size)
            .Select(at => Asked($"/{at}", Size, first: at)).ToArray();
        files.Enter(answers[0], 0);
        foreach (var answer in answers)
            Use(files, answer);
        Assert.Equal(StoredFile.Capacity, files.Bytes);
        for (var at = 0; at < answers.Length; at++)
            Assert.Equal(Bytes(Size, at), Read(answers[at].Body.Filed!));
        Assert.Single(answers.Select(answer => answer.Body.Filed!.Descriptor).Distinct());
    }

    [Fact]
    public void While_a_file_is_made_nobody_waits_and_no_second_one_is()
    {
        var made = new List<Action>();
        var files = new StoredFiles(4L * StoredFile.Capacity, made.Add);
        var (a, b) = (Asked("/a", Size), Asked("/b", Size));
        Assert.Null(files.Enter(a, 0));
        Assert.Null(files.Enter(b, 0));
        Assert.Null(files.Enter(a, 0));
        Assert.Single(made)();
        Use(files, a);
        Use(files, b);
        Assert.Equal(StoredFile.Capacity, files.Bytes);
    }

    [Fact]
    public void Room_is_made_by_the_file_that_is_used_least()
    {
        var files = Shelf(files: 2);
        var (a, b, c, d) = (Half("/a"), Half("/b"), Half("/c"), Half("/d"));
        files.Enter(a, 0);
        Use(files, a);
        Use(files, b);
        files.Enter(c, 0);
        Use(files, c);
        Use(files, d);
        var late = Asked("/late", Size);
        // All are in use; and for a second nobody looks again.
        Assert.Null(files.Enter(late, 0));
        Look(files, a, b);
        Look(files, a, b, c);
        Look(files, a, b);
        Assert.Null(files.Enter(late, 999));
        Assert.NotNull(c.Body.Filed);
        // Of c and d nothing was sent for two looks.
        Look(files, a, b);
        Assert.Null(files.Enter(late, 1_000));
        Use(files, late, 1_000);
        Assert.Null(c.Body.Filed);
        Assert.Null(d.Body.Filed);
        Assert.NotNull(a.Body.Filed);
        Assert.NotNull(b.Body.Filed);
        Assert.Equal(2 * StoredFile.Capacity, files.Bytes);
        // Who is asked for again comes behind it.
        Use(files, c, 1_000);
        Assert.Equal(late.Body.Filed!.Descriptor, c.Body.Filed!.Descriptor);
    }

    [Fact]
    public void A_shelf_too_small_for_one_file_has_none()
    {
        var files = new StoredFiles(StoredFile.Capacity - 1, act => act());
        var answer = Asked("/a", Size);
        for (var time = 0; time < 10; time++)
            Assert.Null(files.Enter(answer, time * 1_000));
        Assert.Equal(0, files.Bytes);
    }

    [Fact]
    public void A_file_lives_until_the_last_has_left_it()
    {
        var files = Shelf(files: 1);
        var answer = Asked("/a", Size);
        Assert.Null(files.Enter(answer, 0));
        var filed = files.Enter(answer, 0)!;
        for (var second = 0; second <= 60; second++)
            files.Sweep();
        Assert.Equal(0, files.Bytes);
        Assert.Null(answer.Body.Filed);
        // Still sent from: its descriptor is its own.
        Assert.Equal(Bytes(Size), Read(filed));
        filed.Leave();
        Assert.False(filed.TryEnter());
        Assert.Null(files.Enter(answer, 0));
        Use(files, answer);
    }

    private static StoredFiles Shelf(int files) => new((long)files * StoredFile.Capacity, act => act());

    private StoredAnswer Half(string path) => Asked(path, StoredFile.Capacity / 2);

    private static void Use(StoredFiles files, StoredAnswer answer, long now = 0)
    {
        var filed = files.Enter(answer, now);
        Assert.NotNull(filed);
        filed.Leave();
    }

    /// <summary>A sweep, and what is used until the next one.</summary>
    private static void Look(StoredFiles files, params StoredAnswer[] used)
    {
        files.Sweep();
        foreach (var answer in used)
            Use(files, answer);
    }

    private StoredAnswer Asked(string path, int size, int hits = StoredFiles.HitsMin, int first = 0)
    {
        var key = Answers.Key(path);
        var body = new StoredBody(size);
        body.Append(Bytes(size, first));
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

    private static byte[] Bytes(int size, int first = 0) =>
        [.. Enumerable.Range(first, size).Select(at => (byte)(at * 31 >> 3))];

    private static byte[] Read(FiledBody filed)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{filed.Descriptor}");
        return [.. File.ReadAllBytes(path).Skip((int)filed.Start).Take((int)filed.Length)];
    }
}
