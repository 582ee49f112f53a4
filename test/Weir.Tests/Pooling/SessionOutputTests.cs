using Weir.Core.Chance;
using Weir.EndToEnd.Support;
using Weir.Pooling;
using Weir.Spill;
using Weir.Tests.Support;

namespace Weir.Tests.Pooling;

/// <summary>What a client is sent, at whatever pace it takes it.</summary>
public sealed class SessionOutputTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weir-spool");
    private readonly WakeCounter _owner = new();
    private readonly BlockPool _blocks = new();
    private readonly SpillDisk _disk;

    public SessionOutputTests() => _disk = new SpillDisk(new SpillOptions { Directory = _folder.FullName });

    public void Dispose()
    {
        _disk.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_quick_client_gets_all_at_once_and_nothing_is_spooled()
    {
        var wire = new MemoryWire();
        var output = Output(wire);
        output.Write([1, 2, 3]);
        output.Messages.Raw([4, 5]);
        Assert.False(output.IsEmpty);
        output.Write([6]);
        output.Flush();
        Assert.Equal([1, 2, 3, 4, 5, 6], wire.Sent);
        Assert.True(output.IsEmpty);
        Assert.Equal(0, _blocks.BytesLent);
    }

    [Fact]
    public void The_houses_messages_keep_their_place_at_every_split_of_the_clients_patience()
    {
        for (var room = 0; room <= 40; room++)
        {
            var wire = new MemoryWire { Room = room };
            var output = Output(wire);
            output.Write("rows of the server;"u8);
            output.Messages.Raw("house;"u8);
            output.Gather("rest"u8);
            output.Flush();
            while (wire.Sent.Length < 29)
            {
                wire.Take(1);
                output.Drain();
            }

            Assert.Equal("rows of the server;house;rest"u8.ToArray(), wire.Sent);
            Assert.True(output.Drain());
            Assert.True(output.IsEmpty);
        }

        Assert.Equal(0, _blocks.BytesLent);
    }

    // The spool's blocks move to the file while one of them is being sent, and are then used for other bytes: what is
    // under way must be a copy.
    [Theory]
    [InlineData(0)]
    [InlineData(16 * 1024)]
    [InlineData(64 * 1024)]
    public void A_spool_that_spills_while_a_block_is_being_sent_changes_no_byte(int memoryMax)
    {
        for (ulong seed = 1; seed <= 25; seed++)
        {
            var chance = SeededRandom.Stream(seed, "spool");
            var wire = new MemoryWire { Room = chance.NextBelow(50_000) };
            var output = Output(wire, memoryMax);
            var sent = new MemoryStream();
            while (sent.Length < 600_000)
            {
                var piece = new byte[1 + chance.NextBelow(30_000)];
                for (var at = 0; at < piece.Length; at++)
                    piece[at] = (byte)chance.NextUInt64();
                sent.Write(piece);
                output.Write(piece);
                if (chance.NextBelow(3) == 0)
                    wire.Take(chance.NextBelow(20_000));
                output.Drain();
            }

            var isTaken = SpinWait.SpinUntil(() =>
            {
                wire.Take(chance.NextBelow(40_000));
                return output.Drain();
            }, TimeSpan.FromSeconds(20));
            Assert.True(isTaken, $"seed {seed}: {output.Waiting} bytes still wait");
            Assert.True(sent.ToArray().AsSpan().SequenceEqual(wire.Sent), $"seed {seed}: other bytes came");
            Assert.False(output.IsBroken);
            Assert.True(output.IsEmpty);
        }

        Assert.Equal(0, _blocks.BytesLent);
        Assert.Equal(0, _disk.Budget.Used);
    }

    [Fact]
    public void Past_its_bound_the_spool_is_full_until_the_client_has_taken_some()
    {
        const int bytesMax = 200_000;
        var wire = new MemoryWire { Room = 0 };
        var output = Output(wire, memoryMax: 32 * 1024, bytesMax);
        var written = 0;
        while (output.Waiting < bytesMax)
        {
            output.Write(new byte[10_000]);
            written += 10_000;
            // Full before its bound it is only until a block is in the file, and the session has seen that.
            Eventually.True(() =>
            {
                output.Drain();
                return output.Waiting >= bytesMax || !output.IsFull;
            }, $"room for more than {written} bytes");
        }

        Assert.True(output.IsFull);
        // One block is on its way.
        Assert.InRange(written, bytesMax, bytesMax + 10_000 + BlockPool.BlockBytes);
        var isEmptied = SpinWait.SpinUntil(() =>
        {
            wire.Take(10_000);
            return output.Drain();
        }, TimeSpan.FromSeconds(20));
        Assert.True(isEmptied);
        Assert.False(output.IsFull);
        Assert.Equal(written, wire.Sent.Length);
    }

    [Fact]
    public void A_client_that_takes_nothing_leaves_room_up_to_the_spools_own_bound()
    {
        const int bytes = 4 << 20;
        var wire = new MemoryWire { Room = 0 };
        var output = Output(wire, memoryMax: 64 * 1024);
        for (var written = 0; written < bytes; written += 32 * 1024)
        {
            output.Write(new byte[32 * 1024]);
            // The session is woken when a write to the file has ended, and drains.
            var hasRoom = SpinWait.SpinUntil(() => !output.IsFull || (!output.Drain() && !output.IsFull),
                TimeSpan.FromSeconds(20));
            Assert.True(hasRoom, $"full at {written} bytes");
        }

        // One block is on its way.
        Assert.Equal(bytes - BlockPool.BlockBytes, output.Waiting);
        Assert.True(SpinWait.SpinUntil(() =>
        {
            wire.Take(100_000);
            return output.Drain();
        }, TimeSpan.FromSeconds(20)));
        Assert.Equal(bytes, wire.Sent.Length);
        Assert.Equal(0, _blocks.BytesLent);
    }

    [Fact]
    public void A_client_that_broke_gets_nothing_more_and_keeps_nothing()
    {
        var wire = new MemoryWire { Room = 10 };
        var output = Output(wire);
        output.Write(new byte[100_000]);
        Assert.False(output.IsEmpty);
        wire.Break();
        output.Write([1]);
        Assert.True(output.Drain());
        Assert.True(output.IsBroken);
        Eventually.True(output.Release, "the spool is given back");
        Assert.Equal(10, wire.Sent.Length);
        Assert.Equal(0, _blocks.BytesLent);
    }

    private SessionOutput Output(MemoryWire wire, int memoryMax = 1 << 20, long bytesMax = 64L << 20)
    {
        wire.Owner = _owner;
        return new SessionOutput(wire, new SpoolRooms(_blocks, _disk, memoryMax, bytesMax), _owner);
    }
}
