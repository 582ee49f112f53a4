using System.Runtime.InteropServices;
using Weir.Core.Chance;
using Weir.EndToEnd.Support;
using Weir.Spill;
using Weir.Tests.Support;

namespace Weir.Tests.Spill;

/// <summary>A body against a plain list of its bytes, on disks that are quick, slow, failing or spent.</summary>
public sealed class BodyBufferTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weir-body");
    private readonly BlockPool _pool = new();
    private readonly WakeCounter _owner = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(false, false, 1L << 30)]
    [InlineData(true, false, 1L << 30)]
    [InlineData(false, true, 1L << 30)]
    [InlineData(true, true, 1L << 30)]
    [InlineData(false, false, 200_000)]
    [InlineData(true, true, 100_000)]
    public void It_gives_back_what_it_took(bool keeps, bool isSlow, long budget)
    {
        using var disk = new SpillDisk(new SpillOptions { Directory = _folder.FullName, BytesMax = budget });
        if (isSlow)
            disk.Obstacle = _ => Thread.Yield();
        var body = new BodyBuffer(_pool, disk, _owner);
        // One buffer for many bodies, as a connection has it.
        for (ulong seed = 1; seed <= 60; seed++)
        {
            Run(SeededRandom.Stream(seed, "body"), body, keeps);
            Eventually.True(() => !body.IsBusy, "the spill thread has done");
            body.Release();
            Assert.Equal(0, _pool.BytesLent);
            Assert.Equal(0, disk.Budget.Used);
        }

        Assert.Null(_owner.Failed);
    }

    [Fact]
    public void A_disk_that_fails_leaves_what_is_in_memory_and_tells()
    {
        using var disk = new SpillDisk(new SpillOptions { Directory = _folder.FullName });
        disk.Obstacle = _ => throw new IOException("full");
        var body = new BodyBuffer(_pool, disk, _owner) { MemoryMax = 0 };
        var bytes = new byte[200_000];
        Random.Shared.NextBytes(bytes);
        body.Append(bytes);
        Eventually.True(() => !body.IsBusy, "the spill thread has done");
        Assert.True(body.TryPeek(out _, out var broken));
        Assert.False(broken);
        Assert.True(body.SpillFailed);
        Assert.IsType<IOException>(body.SpillFault);
        var got = new MemoryStream();
        while (body.TryPeek(out var piece, out _))
        {
            got.Write(piece);
            body.Advance(piece.Count);
        }

        Assert.Equal(bytes, got.ToArray());
        body.Release();
        Assert.Equal(0, _pool.BytesLent);
        Assert.Equal(0, disk.Budget.Used);
    }

    [Fact]
    public void A_write_that_ended_unseen_is_forgotten_with_its_body()
    {
        using var disk = new SpillDisk(new SpillOptions { Directory = _folder.FullName });
        var body = new BodyBuffer(_pool, disk, _owner) { MemoryMax = 0, Keeps = true };
        body.Append(new byte[100_000]);
        Eventually.True(() => !body.IsBusy, "the spill thread has done");
        body.Release();
        var next = new byte[10_000];
        Random.Shared.NextBytes(next);
        body.Append(next);
        Assert.True(body.TryPeek(out var bytes, out _));
        Assert.Equal(next, bytes.ToArray());
        body.Release();
        Assert.Equal(0, _pool.BytesLent);
    }

    private static void Run(SeededRandom chance, BodyBuffer body, bool keeps)
    {
        body.Keeps = keeps;
        body.MemoryMax = chance.NextBelow(3) * BlockPool.BlockBytes;
        body.MaySpill = chance.NextBelow(5) != 0;
        var model = new List<byte>();
        var read = 0;
        var steps = 50 + chance.NextBelow(100);
        for (var step = 0; step < steps || read < model.Count; step++)
        {
            switch (step >= steps ? 9 : chance.NextBelow(10))
            {
                case < 3:
                    var bytes = new byte[chance.NextBelow(60_000)];
                    FillFrom(chance, bytes);
                    body.Append(bytes);
                    model.AddRange(bytes);
                    break;
                case 3:
                    var tail = body.Tail();
                    body.TailIsLent = true;
                    body.Flush();
                    FillFrom(chance, tail);
                    var count = chance.NextBelow(tail.Count + 1);
                    body.TailIsLent = false;
                    body.Commit(count);
                    model.AddRange(tail.AsSpan(0, count));
                    break;
                case 4 when keeps && chance.NextBelow(4) == 0:
                    body.Rewind();
                    read = 0;
                    break;
                case 5:
                    body.Flush();
                    break;
                default:
                    ReadOn(chance, body, model, ref read);
                    break;
            }

            Assert.Equal(model.Count, body.Length);
            Assert.Equal(model.Count - read, body.Unread);
        }
    }

    private static void ReadOn(SeededRandom chance, BodyBuffer body, List<byte> model, ref int read)
    {
        if (!body.TryPeek(out var bytes, out var broken))
        {
            Assert.False(broken);
            return;
        }

        Assert.True(bytes.AsSpan().SequenceEqual(CollectionsMarshal.AsSpan(model).Slice(read, bytes.Count)));
        var count = 1 + chance.NextBelow(bytes.Count);
        body.Advance(count);
        read += count;
    }

    private static void FillFrom(SeededRandom chance, Span<byte> bytes)
    {
        var first = (int)chance.NextUInt64();
        for (var index = 0; index < bytes.Length; index++)
            bytes[index] = (byte)(first + index * 7 + (index >> 8));
    }
}
