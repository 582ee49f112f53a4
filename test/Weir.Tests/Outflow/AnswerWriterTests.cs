using Weir.EndToEnd.Support;
using Weir.Outflow;
using Weir.Spill;
using Weir.Tests.Support;

namespace Weir.Tests.Outflow;

public sealed class AnswerWriterTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weir-answer");
    private readonly SpillDisk _disk;
    private readonly BlockPool _pool = new();
    private readonly WakeCounter _owner = new();
    private readonly MemoryWire _wire;
    private readonly AnswerWriter _answer;

    public AnswerWriterTests()
    {
        _disk = new SpillDisk(new SpillOptions { Directory = _folder.FullName });
        _wire = new MemoryWire { Owner = _owner, Room = 1_000 };
        _answer = new AnswerWriter(_wire, _pool, _disk, _owner) { MemoryMax = 2 * BlockPool.BlockBytes };
    }

    public void Dispose()
    {
        _disk.Dispose();
        _wire.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void While_anything_waits_a_send_is_under_way()
    {
        _answer.Write(new byte[5_000]);
        Assert.True(_wire.IsSending);
        Assert.False(_answer.IsDrained);
        _wire.Take(10_000);
        Assert.Equal(1, _owner.Count);
        _answer.Pump(1);
        Assert.True(_answer.IsDrained);
        Assert.Equal(0, _pool.BytesLent);
    }

    [Fact]
    public void A_slow_reader_gets_every_byte_through_memory_and_file()
    {
        var all = new byte[700_000];
        Random.Shared.NextBytes(all);
        foreach (var piece in all.Chunk(9_999))
        {
            _answer.Write(piece);
            _answer.Pump(1);
        }

        for (var round = 0; !_answer.IsDrained && round < 1_000_000; round++)
        {
            _wire.Take(7_001);
            _answer.Pump(1);
            if (_answer.IsBusy && !_wire.IsSending)
                Thread.Yield();
        }

        Assert.True(_answer.Spilled);
        Assert.Equal(all, _wire.Sent);
        Eventually.True(() => !_answer.IsBusy, "the spill thread has done");
        _answer.Reset();
        Assert.Equal(0, _pool.BytesLent);
        Assert.Equal(0, _disk.Budget.Used);
    }

    [Fact]
    public void One_that_keeps_pace_is_full_at_its_memory_and_never_spills()
    {
        _answer.KeepsPace = true;
        while (!_answer.IsFull)
            _answer.Write(new byte[1_000]);
        Assert.False(_answer.Spilled);
        Assert.InRange(_answer.Waiting, 1, 4 * BlockPool.BlockBytes);
    }

    [Fact]
    public void What_is_written_to_a_client_that_went_is_dropped()
    {
        _answer.Write(new byte[5_000]);
        _wire.Break();
        Assert.True(_answer.IsBroken);
        _answer.Write(new byte[500_000]);
        Assert.InRange(_answer.Waiting, 0, 5_000);
        _answer.Reset();
        Assert.Equal(0, _pool.BytesLent);
    }
}
