using System.Net;
using System.Net.Sockets;
using Weir.Tests.Support;
using Weir.Wires;

namespace Weir.Tests.Wires;

public sealed class SendRoundTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly List<IDisposable> _open = [];
    private readonly WakeCounter _owner = new();

    public void Dispose()
    {
        // A test that failed within a round leaves its thread to the next test.
        SendRound.Current?.End();
        foreach (var one in _open) one.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_round_sends_goes_at_its_end_whoever_it_is_for_and_however_many_they_are(bool usesRing)
    {
        var pairs = Enumerable.Range(0, 150).Select(_ => Pair()).ToList();
        var round = new SendRound(usesRing);
        Assert.True(round.TryBegin());
        Assert.False(round.TryBegin());
        Assert.Equal(3, pairs[0].Wire.TrySendSoon("abc"u8));
        Assert.Equal(4, pairs[1].Wire.TrySendSoon("defg"u8));
        Thread.Sleep(20);
        Assert.Equal(0, pairs[0].Peer.Available + pairs[1].Peer.Available);
        round.End();
        Assert.Equal("abc", Read(pairs[0].Peer, 3));
        Assert.Equal("defg", Read(pairs[1].Peer, 4));
        Assert.Null(SendRound.Current);

        Assert.True(round.TryBegin());
        for (var index = 0; index < pairs.Count; index++)
        {
            pairs[index].Wire.IsUpstream = index % 3 == 0;
            Assert.Equal(4000, pairs[index].Wire.TrySendSoon(Letters(index, 4000)));
        }

        round.End();
        for (var index = 0; index < pairs.Count; index++)
            Assert.Equal(Text(Letters(index, 4000)), Read(pairs[index].Peer, 4000));
        Assert.Equal(0, _owner.Count);
    }

    [Fact]
    public void Upstreams_are_sent_to_before_clients()
    {
        // A second descriptor of one socket: the order of its bytes tells who was first.
        var (client, peer) = Pair();
        var round = new SendRound(usesRing: true);
        using var upstream = new SocketWire(Twin(client), IoThreads.Near);
        upstream.IsUpstream = true;
        round.TryBegin();
        client.TrySendSoon("client "u8);
        upstream.TrySendSoon("upstream "u8);
        round.End();
        Assert.Equal("upstream client ", Read(peer, 16));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Bytes_of_a_wire_go_in_the_order_in_which_they_were_given_however_they_were(int seed, bool usesRing)
    {
        var random = new Random(seed);
        var round = new SendRound(usesRing);
        var (wire, peer) = Pair(room: 8 * 1024);
        var (other, otherPeer) = Pair();
        peer.ReceiveBufferSize = 8 * 1024;
        var given = new List<byte>();
        var got = new List<byte>();
        var reader = SideThread.Start(() => ReadSlowly(peer, got, seed));
        for (var turn = 0; turn < 400; turn++)
        {
            var begins = random.Next(4) != 0 && round.TryBegin();
            other.TrySendSoon("x"u8);
            for (var piece = random.Next(1, 4); piece > 0; piece--)
                Give(wire, random, given);
            if (begins && random.Next(3) == 0) SideThread.Start(wire.Settle).Join();
            if (begins) round.End();
        }

        wire.Settle();
        Until(() => !wire.IsSending);
        wire.EndSend();
        reader.Join();
        Assert.True(wire.SendsWell);
        Assert.Equal(given.Count, got.Count);
        Assert.Equal(given, got);
        Assert.Equal(400, Read(otherPeer, 400).Length);
    }

    /// <summary>As owners do: what a try does not take is sent in the background, and its end waited for.</summary>
    private static void Give(SocketWire wire, Random random, List<byte> given)
    {
        var bytes = new byte[random.Next(1, random.Next(2) == 0 ? 200 : 6000)];
        random.NextBytes(bytes);
        given.AddRange(bytes);
        var sent = 0;
        switch (random.Next(4))
        {
            case 0:
                sent = wire.TrySend(bytes);
                break;
            case 1:
                sent = wire.TrySend(bytes.AsSpan(0, bytes.Length / 2), bytes.AsSpan(bytes.Length / 2));
                break;
            case 2:
                sent = wire.TrySendSoon(bytes);
                break;
            default:
                if (!wire.BeginSendSoon(bytes, 0, bytes.Length)) Until(() => !wire.IsSending);
                return;
        }

        Assert.True(sent >= 0);
        if (sent < bytes.Length && !wire.BeginSend(bytes, sent, bytes.Length - sent)) Until(() => !wire.IsSending);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_kernel_does_not_take_at_the_end_is_the_wires_own_and_goes_when_there_is_room(bool usesRing)
    {
        var (wire, peer) = Pair();
        var (other, _) = Pair();
        var filled = Fill(wire);
        var round = new SendRound(usesRing);
        round.TryBegin();
        other.TrySendSoon("x"u8);
        Assert.Equal(4, wire.TrySendSoon("tail"u8));
        Assert.False(wire.IsSending);
        round.End();
        Assert.True(wire.IsSending);
        Assert.True(wire.SendsWell);
        Assert.Equal(0, wire.TrySend("after"u8));
        Assert.False(wire.BeginSend("after"u8.ToArray(), 0, 5));
        Read(peer, filled);
        Assert.Equal("tailafter", Read(peer, 9));
        Until(() => !wire.IsSending && _owner.Count > 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stream_that_breaks_at_the_end_of_the_round_wakes_its_owner(bool usesRing)
    {
        var (wire, peer) = Pair();
        var (other, otherPeer) = Pair();
        peer.LingerState = new LingerOption(true, 0);
        peer.Dispose();
        Until(() => wire.TrySend("x"u8) < 0 || !wire.SendsWell || IsReset(wire));
        var (late, latePeer) = Pair();
        latePeer.LingerState = new LingerOption(true, 0);
        var round = new SendRound(usesRing);
        round.TryBegin();
        Assert.Equal(1, late.TrySendSoon("x"u8));
        Assert.Equal(1, other.TrySendSoon("y"u8));
        Assert.Equal(-1, wire.TrySendSoon("z"u8));
        latePeer.Dispose();
        Thread.Sleep(50);
        var before = _owner.Count;
        round.End();
        Assert.False(late.SendsWell);
        Assert.True(late.KeptWasLost);
        Assert.False(other.KeptWasLost);
        Assert.True(_owner.Count > before);
        Assert.Equal("y", Read(otherPeer, 1));
    }

    [Fact]
    public void More_for_the_same_wire_goes_behind_what_it_has_kept()
    {
        var round = new SendRound(usesRing: true);
        var (wire, peer) = Pair();
        var (other, otherPeer) = Pair();
        round.TryBegin();
        wire.TrySendSoon("a"u8);
        Assert.Equal(4, wire.TrySendSoon("bc"u8, "de"u8));
        Thread.Sleep(20);
        Assert.Equal(0, peer.Available);
        other.TrySendSoon("x"u8);
        // Another's piece lies between: all that is kept goes first.
        wire.TrySendSoon("f"u8);
        Assert.Equal("abcde", Read(peer, 5));
        Assert.Equal("x", Read(otherPeer, 1));
        Assert.Equal(0, peer.Available);
        round.End();
        Assert.Equal("f", Read(peer, 1));
    }

    [Fact]
    public void An_owner_that_asks_is_woken_when_its_bytes_have_gone()
    {
        var round = new SendRound(usesRing: true);
        var (wire, peer) = Pair();
        Assert.False(wire.TellWhenSettled());
        round.TryBegin();
        wire.TrySendSoon("a"u8);
        Assert.True(wire.IsKept);
        Assert.True(wire.TellWhenSettled());
        Assert.Equal(0, _owner.Count);
        round.End();
        Assert.False(wire.IsKept);
        Assert.Equal(1, _owner.Count);
        round.TryBegin();
        wire.TrySendSoon("b"u8);
        round.End();
        Assert.Equal(1, _owner.Count);
        Assert.Equal("ab", Read(peer, 2));
    }

    [Fact]
    public void An_abort_drops_what_is_kept()
    {
        var round = new SendRound(usesRing: true);
        var (wire, peer) = Pair();
        var (other, otherPeer) = Pair();
        round.TryBegin();
        other.TrySendSoon("x"u8);
        wire.TrySendSoon("never"u8);
        wire.Abort();
        round.End();
        Assert.Equal("x", Read(otherPeer, 1));
        var bytes = new byte[8];
        var error = Assert.Throws<SocketException>(() => peer.Receive(bytes));
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }

    [Fact]
    public void The_peer_sees_the_end_after_what_the_kernel_did_not_take_yet()
    {
        var (wire, peer) = Pair();
        var filled = Fill(wire);
        var round = new SendRound(usesRing: true);
        round.TryBegin();
        wire.TrySendSoon("tail"u8);
        wire.EndSend();
        round.End();
        Assert.True(wire.IsSending);
        Read(peer, filled);
        Assert.Equal("tail", Read(peer, 4));
        Assert.Equal(0, peer.Receive(new byte[1]));
        Until(() => !wire.IsSending);
        Assert.True(wire.SendsWell);
    }

    [Fact]
    public void What_a_round_that_hangs_has_kept_another_thread_sends()
    {
        var round = new SendRound(usesRing: true);
        var (wire, peer) = Pair();
        round.TryBegin();
        wire.TrySendSoon("a"u8);
        SideThread.Start(round.FlushUnlessHeld).Join();
        Assert.Equal("a", Read(peer, 1));
        round.End();
    }

    [Fact]
    public void What_was_to_go_soon_goes_before_the_end_and_before_another_threads_bytes()
    {
        var round = new SendRound(usesRing: true);
        var (closed, closedPeer) = Pair();
        var (ended, endedPeer) = Pair();
        var (shared, sharedPeer) = Pair();
        round.TryBegin();
        closed.TrySendSoon("abc"u8);
        ended.TrySendSoon("def"u8);
        shared.TrySendSoon("1"u8);
        closed.Close();
        ended.EndSend();
        SideThread.Start(() => shared.TrySend("2"u8)).Join();
        Assert.Equal("abc", Read(closedPeer, 3));
        Assert.Equal("def", Read(endedPeer, 3));
        Assert.Equal(0, endedPeer.Receive(new byte[1]));
        Assert.Equal("12", Read(sharedPeer, 2));
        Assert.Equal(0, closedPeer.Available);
        Assert.False(closedPeer.Poll(0, SelectMode.SelectRead), "it is closed when all was sent");
        round.End();
        Assert.Equal(0, closedPeer.Receive(new byte[1]));
    }

    [Fact]
    public void More_are_closed_in_a_round_than_it_has_room_for()
    {
        var round = new SendRound(usesRing: true);
        var pairs = Enumerable.Range(0, 100).Select(_ => Pair()).ToList();
        round.TryBegin();
        pairs.ForEach(pair => pair.Wire.Close());
        round.End();
        Assert.All(pairs, pair => Assert.Equal(0, pair.Peer.Receive(new byte[1])));
    }

    [Fact]
    public void A_wire_that_is_closed_on_another_thread_leaves_its_number_to_nobody_while_a_piece_is_kept()
    {
        var round = new SendRound(usesRing: true);
        for (var turn = 0; turn < 200; turn++)
        {
            var (wire, peer) = Pair();
            round.TryBegin();
            wire.TrySendSoon("mine"u8);
            var closer = SideThread.Start(wire.Close);
            var (next, nextPeer) = Pair();
            next.TrySendSoon("next"u8);
            round.End();
            closer.Join();
            Assert.Equal("mine", Read(peer, 4));
            Assert.Equal("next", Read(nextPeer, 4));
            Assert.Equal(0, nextPeer.Available);
            next.Close();
            peer.Dispose();
            nextPeer.Dispose();
        }
    }

    /// <summary>Sends until the kernel takes no more.</summary>
    private static int Fill(SocketWire wire)
    {
        var filler = new byte[64 * 1024];
        var filled = 0;
        for (int sent; (sent = wire.TrySend(filler)) > 0;)
            filled += sent;
        return filled;
    }

    private static bool IsReset(SocketWire wire)
    {
        wire.BeginReceive(new byte[1], 0, 1);
        return !wire.IsReceiving && wire.Received < 0 && wire.TrySend("x"u8) < 0;
    }

    private static void ReadSlowly(Socket peer, List<byte> got, int seed)
    {
        var random = new Random(seed);
        var buffer = new byte[16 * 1024];
        for (int count; (count = peer.Receive(buffer, random.Next(1, buffer.Length), SocketFlags.None)) > 0;)
        {
            got.AddRange(buffer.AsSpan(0, count));
            if (random.Next(20) == 0) Thread.Sleep(1);
        }
    }

    private static byte[] Letters(int index, int count) =>
        [.. Enumerable.Range(index, count).Select(letter => (byte)('a' + letter % 26))];

    private static string Text(ReadOnlySpan<byte> bytes) => System.Text.Encoding.ASCII.GetString(bytes);

    private static string Read(Socket peer, int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var received = peer.Receive(bytes, at, count - at, SocketFlags.None);
            Assert.True(received > 0);
            at += received;
        }

        return Text(bytes);
    }

    private static int Twin(SocketWire wire) => Kernel.Duplicate(wire.Descriptor, Kernel.DuplicateCloseOnExec, 0);

    private static void Until(Func<bool> holds) => Assert.True(SpinWait.SpinUntil(holds, Patience));

    private (SocketWire Wire, Socket Peer) Pair(int room = 0)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = (int)Patience.TotalMilliseconds,
        };
        peer.Connect(listener.LocalEndPoint!);
        var near = listener.Accept();
        near.NoDelay = true;
        if (room > 0) near.SendBufferSize = room;
        var wire = new SocketWire(near) { Owner = _owner };
        _open.Add(wire);
        _open.Add(peer);
        return (wire, peer);
    }
}
