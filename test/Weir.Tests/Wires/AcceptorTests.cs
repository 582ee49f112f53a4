using System.Net;
using System.Net.Sockets;
using Weir.Beat;
using Weir.Wires;

namespace Weir.Tests.Wires;

public sealed class AcceptorTests
{
    [Fact]
    public void An_accepted_connection_sends_without_delay()
    {
        var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var heartbeat = new Heartbeat();
        using var acceptor = new DelayReading(bound);
        acceptor.Start(heartbeat);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(IPAddress.Loopback, acceptor.Port);
        Assert.True(SpinWait.SpinUntil(() => acceptor.NoDelay >= 0, TimeSpan.FromSeconds(10)));
        Assert.Equal(1, acceptor.NoDelay);
    }

    /// <summary>Reads TCP_NODELAY of what it accepts.</summary>
    private sealed class DelayReading(Socket socket) : Acceptor(socket, "here", socketPath: null, listens: false)
    {
        private int _noDelay = -1;

        public int NoDelay => Volatile.Read(ref _noDelay);

        protected override bool HasRoom => true;

        protected override void Open(int descriptor, ReadOnlySpan<byte> address)
        {
            using var accepted = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
            Volatile.Write(ref _noDelay, accepted.NoDelay ? 1 : 0);
        }
    }
}
