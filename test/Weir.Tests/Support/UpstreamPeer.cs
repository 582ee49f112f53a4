using System.Net;
using System.Net.Sockets;
using System.Text;
using Weir.Beat;
using Weir.Routing;
using Weir.Spill;
using Weir.Upstream;
using Weir.Wires;

namespace Weir.Tests.Support;

/// <summary>An app at the other end of a real connection, which sends what the test tells it to.</summary>
internal sealed class UpstreamPeer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _socket;

    public UpstreamPeer(BlockPool blocks, Driven owner, Instance? instance = null)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var wire = SocketWire.Connect(listener.LocalEndPoint!.Serialize(), owner);
        _socket = listener.Accept();
        _socket.NoDelay = true;
        Until(() => !wire.IsConnecting);
        Connection = new UpstreamConnection(
            instance ?? Instance.Read(0, "web.1", "127.0.0.1:3000", 1, 1), wire, blocks);
    }

    public UpstreamConnection Connection { get; }

    public static void Until(Func<bool> holds) => Assert.True(SpinWait.SpinUntil(holds, Patience));

    public void Send(string text) => _socket.Send(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends a piece, or the end where it is null, and waits until the receive under way has it.</summary>
    public void SendSeen(string? text)
    {
        Assert.True(Connection.Wire.IsReceiving);
        if (text is null)
            End();
        else
            Send(text);
        Until(() => !Connection.Wire.IsReceiving);
    }

    public void End() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>True once Weir's end has closed.</summary>
    public bool IsClosed() => _socket.Poll(0, SelectMode.SelectRead);

    public void Dispose()
    {
        Connection.Close();
        _socket.Dispose();
    }
}
