using System.Net.Sockets;
using Weir.Core.Http.Forwarding;
using Weir.Wires;

namespace Weir.Edge;

/// <summary>One cleartext listening socket, and the exchanges of its connections.</summary>
internal sealed class Listener : Acceptor
{
    private readonly Rooms _rooms;
    private readonly OpenExchanges _open;
    private readonly int _connectionsMax;

    public Listener(Rooms rooms, string address, OpenExchanges open, int connectionsMax)
        : this(rooms, ListenAddress.Bind(address, out var path), address, path, listens: false, open, connectionsMax)
    {
    }

    /// <param name="inherited">Listens already; its file, if it has one, is not ours to delete.</param>
    public Listener(Rooms rooms, Socket inherited, OpenExchanges open, int connectionsMax)
        : this(rooms, inherited, inherited.LocalEndPoint is UnixDomainSocketEndPoint path ? $"unix:{path}"
            : inherited.LocalEndPoint?.ToString() ?? "inherited", null, listens: true, open, connectionsMax)
    {
    }

    private Listener(
        Rooms rooms, Socket socket, string address, string? path, bool listens, OpenExchanges open, int connectionsMax)
        : base(socket, address, path, listens)
    {
        _rooms = rooms;
        _open = open;
        _connectionsMax = connectionsMax;
    }

    /// <summary>For people: where to point a browser.</summary>
    public string Url => Port == 0 ? Address
        : $"http://{(Address.StartsWith(':') ? "0.0.0.0" : Address[..Address.LastIndexOf(':')])}:{Port}";

    protected override bool HasRoom => _rooms.Counters.Open < _connectionsMax;

    public void Start() => Start(_rooms.Heartbeat);

    protected override void Open(int descriptor, ReadOnlySpan<byte> address)
    {
        var peer = new Peer(AddressBytes(address), Port, tls: false, _rooms.Trust);
        if (!SocketWire.TryOpen(descriptor, IoThreads.Next(), out var wire))
            return;
        var client = new Http1Client(wire, peer, _rooms.Limits);
        client.Input.MayBeHttp2 = _rooms.HandOver is not null;
        _open.Begin(client, client.Input);
    }
}
