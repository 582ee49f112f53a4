using System.Net;
using System.Net.Sockets;
using Weir.Tests.Support;
using Weir.Wires;

namespace Weir.Tests.Wires;

public sealed class SocketWireTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weir-wire");
    private readonly WakeCounter _owner = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_long_send_arrives_whole_also_right_after_connecting(bool isUnix)
    {
        using var listener = Listen(isUnix);
        using var wire = SocketWire.Connect(listener.LocalEndPoint!.Serialize(), _owner);
        Until(() => !wire.IsConnecting);
        Assert.Equal(SocketError.Success, wire.ConnectError);
        using var peer = listener.Accept();
        var bytes = new byte[8_000_000];
        Random.Shared.NextBytes(bytes);
        var sent = wire.TrySend(bytes);
        Assert.InRange(sent, 1, bytes.Length - 1);
        Assert.False(wire.BeginSend(bytes, sent, bytes.Length - sent));
        var got = new byte[bytes.Length];
        for (var at = 0; at < got.Length;)
        {
            var count = peer.Receive(got, at, got.Length - at, SocketFlags.None);
            Assert.True(count > 0);
            at += count;
        }

        Until(() => !wire.IsSending);
        Assert.True(wire.SendsWell);
        Assert.Equal(bytes, got);
        Assert.True(_owner.Count > 0);
    }

    [Fact]
    public void A_file_follows_its_head_as_far_as_the_kernel_takes_it()
    {
        var (wire, peer) = Pair();
        using var _ = wire;
        using var __ = peer;
        var bytes = new byte[8_000_000];
        Random.Shared.NextBytes(bytes);
        var path = Path.Combine(_folder.FullName, "file");
        File.WriteAllBytes(path, bytes);
        using var file = File.OpenHandle(path);
        var head = "a head"u8.ToArray();
        const int offset = 1_000;
        var sent = wire.TrySendFile(
            head, (int)file.DangerousGetHandle(), offset, bytes.Length - offset);
        Assert.InRange(sent, head.Length + 1, head.Length + bytes.Length - offset - 1);
        // The kernel takes no more: the rest goes as ever, and nothing is sent twice or left out.
        var next = offset + (int)sent - head.Length;
        wire.BeginSend(bytes, next, bytes.Length - next);
        byte[] expected = [.. head, .. bytes[offset..]];
        var got = new byte[expected.Length];
        for (var at = 0; at < got.Length;)
        {
            var count = peer.Receive(got, at, got.Length - at, SocketFlags.None);
            Assert.True(count > 0);
            at += count;
        }

        Assert.Equal(expected, got);
        peer.Dispose();
        Until(() => wire.TrySendFile(head, (int)file.DangerousGetHandle(), 0, 100) < 0);
        Assert.False(wire.SendsWell);
    }

    [Fact]
    public void An_end_that_came_with_the_last_bytes_is_received()
    {
        for (var round = 0; round < 200; round++)
        {
            var (wire, peer) = Pair();
            using var _ = wire;
            var buffer = new byte[100];
            wire.BeginReceive(buffer, 0, 100);
            peer.Send("abc"u8);
            peer.Dispose();
            Until(() => !wire.IsReceiving);
            Assert.Equal(3, wire.Received);
            wire.BeginReceive(buffer, 0, 100);
            Until(() => !wire.IsReceiving);
            Assert.Equal(0, wire.Received);
        }
    }

    [Fact]
    public void A_refused_connection_says_so()
    {
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var wire = SocketWire.Connect(bound.LocalEndPoint!.Serialize(), _owner);
        Until(() => !wire.IsConnecting);
        Assert.Equal(SocketError.ConnectionRefused, wire.ConnectError);
    }

    [Fact]
    public void An_abort_is_a_reset_to_the_peer_and_ends_what_is_under_way()
    {
        var (wire, peer) = Pair();
        wire.BeginReceive(new byte[10], 0, 10);
        wire.Abort();
        Until(() => !wire.IsReceiving);
        Assert.Equal(-1, wire.Received);
        Assert.Equal(-1, wire.TrySend("late"u8));
        Assert.True(wire.BeginReceive(new byte[10], 0, 10));
        Assert.Equal(-1, wire.Received);
        var exception = Assert.Throws<SocketException>(() => peer.Receive(new byte[10]));
        Assert.Equal(SocketError.ConnectionReset, exception.SocketErrorCode);
        peer.Dispose();
    }

    [Fact]
    public void News_that_races_a_hand_over_reaches_one_of_the_owners()
    {
        for (var round = 0; round < 300; round++)
        {
            var (wire, peer) = Pair();
            using var _ = wire;
            using var __ = peer;
            var next = new WakeCounter();
            wire.Owner = _owner;
            var before = _owner.Count;
            wire.BeginReceive(new byte[10], 0, 10);
            var sender = SideThread.Start(() => peer.Send("x"u8));
            wire.Owner = next;
            // Who takes over looks at the state; if it is not done yet, the wake is the new owner's.
            if (wire.IsReceiving)
                Until(() => next.Count > 0 || _owner.Count > before);
            Until(() => !wire.IsReceiving);
            Assert.Equal(1, wire.Received);
            sender.Join();
        }
    }

    private static void Until(Func<bool> holds) => Assert.True(SpinWait.SpinUntil(holds, Patience));

    private (SocketWire Wire, Socket Peer) Pair()
    {
        using var listener = Listen(isUnix: false);
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        peer.Connect(listener.LocalEndPoint!);
        return (new SocketWire(listener.Accept()) { Owner = _owner }, peer);
    }

    private Socket Listen(bool isUnix)
    {
        var socket = isUnix
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(isUnix
            ? new UnixDomainSocketEndPoint(Path.Combine(_folder.FullName, "socket"))
            : new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }
}
