using Weir.Pooling;
using Weir.Tests.Support;

namespace Weir.Tests.Pooling;

/// <summary>What a client sends, in whatever pieces it comes.</summary>
public sealed class SessionInputTests
{
    [Fact]
    public void Every_split_gives_the_same_bytes()
    {
        var all = Enumerable.Range(0, 300).Select(each => (byte)each).ToArray();
        for (var split = 0; split <= all.Length; split++)
        {
            var wire = new MemoryWire();
            var input = new SessionInput(wire);
            var got = new List<byte>();
            Assert.False(input.Receive(0));
            foreach (var piece in new[] { all[..split], all[split..] })
            {
                if (piece.Length > 0)
                    wire.Come(piece);
                while (input.Receive(0))
                {
                    got.AddRange(input.Here);
                    input.Take(input.Count);
                }
            }

            Assert.Equal(all, got);
            Assert.False(input.IsOver);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1024)]
    [InlineData(5000)]
    public void A_message_larger_than_the_buffer_is_met_by_a_larger_one(int piece)
    {
        var message = new byte[70_000];
        new Random(3).NextBytes(message);
        var wire = new MemoryWire();
        var input = new SessionInput(wire);
        for (var at = 0; at < message.Length; at += piece)
            wire.Come(message.AsSpan(at, Math.Min(piece, message.Length - at)));
        while (input.Count < message.Length)
            Assert.True(input.Receive(message.Length));
        Assert.Equal(message, input.Here.ToArray());
        input.Take(message.Length);
        // The large buffer is given up, and what comes next fits the small one.
        Assert.False(input.Receive(0));
        wire.Come([1, 2, 3]);
        Assert.True(input.Receive(0));
        Assert.Equal([1, 2, 3], input.Here.ToArray());
    }

    [Fact]
    public void What_was_not_taken_stays_in_front_of_what_comes()
    {
        var chance = new Random(11);
        var wire = new MemoryWire();
        var input = new SessionInput(wire);
        byte sent = 0, taken = 0;
        for (var step = 0; step < 5_000; step++)
        {
            var piece = Enumerable.Range(0, 1 + chance.Next(900)).Select(_ => sent++).ToArray();
            wire.Come(piece);
            while (input.Receive(wanted: chance.Next(3_000)))
            {
                var count = chance.Next(input.Count + 1);
                foreach (var one in input.Here[..count])
                    Assert.Equal(taken++, one);
                input.Take(count);
            }
        }
    }

    [Fact]
    public void The_end_is_told_once_and_after_the_last_byte()
    {
        var wire = new MemoryWire();
        var input = new SessionInput(wire);
        wire.Come([9]);
        wire.End();
        Assert.True(input.Receive(0));
        Assert.False(input.IsOver);
        Assert.True(input.Receive(0));
        Assert.True(input.IsOver);
        Assert.False(input.Receive(0));
        Assert.Equal([9], input.Here.ToArray());
    }

    [Fact]
    public void Nothing_from_before_TLS_is_left_within_it()
    {
        var wire = new MemoryWire();
        var input = new SessionInput(wire);
        wire.Come("SELECT injected"u8);
        Assert.True(input.Receive(0));
        var secure = new MemoryWire();
        input.Secure(secure);
        Assert.Equal(0, input.Count);
        secure.Come("honest"u8);
        Assert.True(input.Receive(0));
        Assert.Equal("honest"u8.ToArray(), input.Here.ToArray());
    }

    [Fact]
    public void A_full_buffer_says_that_it_cannot_see_the_end()
    {
        var wire = new MemoryWire();
        var input = new SessionInput(wire);
        wire.Come(new byte[4096]);
        Assert.True(input.MayReceive);
        Assert.True(input.Receive(0));
        Assert.False(input.MayReceive);
        input.Take(input.Count);
        Assert.True(input.Receive(0));
    }
}
