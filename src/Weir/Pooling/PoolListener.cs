using System.Net;
using System.Net.Sockets;
using Weir.Edge;
using Weir.Wires;

namespace Weir.Pooling;

/// <summary>A listening socket of the pooler.</summary>
internal sealed class PoolListener : Acceptor
{
    private readonly Action<SocketWire, ClientPeer> _begin;
    private readonly Func<bool> _hasRoom;

    /// <summary>Mostly one and the same: its text is not made anew for each connection.</summary>
    private byte[] _lastAddress = [];
    private string _lastText = "";

    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public PoolListener(string address, Func<bool> hasRoom, Action<SocketWire, ClientPeer> begin)
        : this(ListenAddress.Bind(address, out var path), address, path)
    {
        _hasRoom = hasRoom;
        _begin = begin;
        if (Port != 0)
            DeferAccept();
    }

    private PoolListener(Socket socket, string address, string? path)
        : base(socket, address, path, listens: false)
    {
        _hasRoom = () => true;
        _begin = (_, _) => { };
    }

    /// <summary>With the port that was given where 0 was asked for.</summary>
    public string Bound => Port == 0 ? Address : $"{Address[..Address.LastIndexOf(':')]}:{Port}";

    /// <summary>
    /// A client of PostgreSQL speaks first. Linux hands its connection over with its first bytes (tcp(7)), which saves
    /// the wake for a connection that has nothing to say yet; a silent one comes a second later.
    /// </summary>
    private void DeferAccept()
    {
        const int tcp = 6;
        const int deferAccept = 9;
        const int seconds = 1;
        Listening.SetRawSocketOption(tcp, deferAccept, BitConverter.GetBytes(seconds));
    }

    protected override bool HasRoom => _hasRoom();

    protected override void Open(int descriptor, ReadOnlySpan<byte> address)
    {
        ClientPeer peer;
        if (Port != 0)
        {
            var bytes = AddressBytes(address);
            var text = bytes.IsEmpty ? "" : TextOf(bytes);
            var port = bytes.IsEmpty ? 0 : address[2] << 8 | address[3];
            peer = new ClientPeer(text, port, 0, -1, IsUnix: false);
        }
        else
        {
            var (process, user) = PeerCredentials.Of(descriptor);
            peer = new ClientPeer("unix", 0, process, user, IsUnix: true);
        }

        // Over a unix socket its first bytes come right behind it: they are there by now, or will be told of.
        if (SocketWire.TryOpen(descriptor, IoThreads.NearUnlessFull(), out var wire, hasBytes: true))
            _begin(wire, peer);
    }

    /// <summary>One connection is accepted at a time.</summary>
    private string TextOf(ReadOnlySpan<byte> address)
    {
        if (!address.SequenceEqual(_lastAddress))
        {
            _lastText = new IPAddress(address).MapToIPv4IfMapped().ToString();
            _lastAddress = address.ToArray();
        }

        return _lastText;
    }
}
