using System.Net.Sockets;
using System.Net;
using Weir.Core.Http.Forwarding;
using Weir.Wires;

namespace Weir.Edge;

/// <summary>One cleartext listening socket, and the exchanges of its connections.</summary>
internal sealed class Listener : IWatcher, IDisposable
{
    /// <summary>
    /// Connections the kernel may hold for us. 4096: Linux's own bound (net.core.somaxconn) since 5.4.
    /// </summary>
    private const int AcceptBacklog = 4096;

    private const long LookEveryMicros = 100_000;

    private readonly Rooms _rooms;
    private readonly Socket _socket;
    private readonly OpenExchanges _open;
    private readonly int _connectionsMax;
    private readonly string? _socketPath;
    private long _lookAt;
    private int _stopped;
    private int _calls;
    private long _key;
    private IoThread? _thread;

    public Listener(Rooms rooms, string address, OpenExchanges open, int connectionsMax)
    {
        _rooms = rooms;
        _open = open;
        _connectionsMax = connectionsMax;
        _socket = ListenAddress.Bind(address, out _socketPath);
        _socket.Listen(AcceptBacklog);
        Address = address;
        Port = _socket.LocalEndPoint is IPEndPoint end ? end.Port : 0;
        _socket.Blocking = false;
    }

    /// <param name="inherited">Listens already; its file, if it has one, is not ours to delete.</param>
    public Listener(Rooms rooms, Socket inherited, OpenExchanges open, int connectionsMax)
    {
        _rooms = rooms;
        _open = open;
        _connectionsMax = connectionsMax;
        _socket = inherited;
        Address = inherited.LocalEndPoint is UnixDomainSocketEndPoint path ? $"unix:{path}"
            : inherited.LocalEndPoint?.ToString() ?? "inherited";
        Port = _socket.LocalEndPoint is IPEndPoint end ? end.Port : 0;
        _socket.Blocking = false;
    }

    public string Address { get; }

    /// <summary>0 for a unix socket.</summary>
    public int Port { get; }

    /// <summary>For people: where to point a browser.</summary>
    public string Url => Port == 0 ? Address
        : $"http://{(Address.StartsWith(':') ? "0.0.0.0" : Address[..Address.LastIndexOf(':')])}:{Port}";

    /// <summary>The kernel's error number of the last failed accept; 0 while all is well.</summary>
    public int LastError { get; private set; }

    public void Start()
    {
        _rooms.Heartbeat.EveryTick(Tick);
        _thread = IoThreads.Next();
        _key = _thread.Watch((int)_socket.SafeHandle.DangerousGetHandle(), this);
        AcceptAll();
    }

    /// <summary>Takes no more connections; those that are open go on.</summary>
    public void Stop()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
            return;
        CloseSocket();
    }

    public void Dispose() => Stop();

    public void OnEvents(uint events) => AcceptAll();

    /// <summary>
    /// Looks now and then whether connections wait: for those put off, and so that one I/O thread that hangs does not
    /// keep the others from new clients.
    /// </summary>
    private void Tick(long now)
    {
        if (now < Volatile.Read(ref _lookAt))
            return;
        Volatile.Write(ref _lookAt, now + LookEveryMicros);
        AcceptAll();
    }

    /// <summary>
    /// Accepts until the kernel has no more; one thread at a time, and a call while another is at it makes that one go
    /// round again.
    /// </summary>
    private void AcceptAll()
    {
        if (Interlocked.Increment(ref _calls) != 1)
            return;
        int seen;
        do
        {
            seen = Volatile.Read(ref _calls);
            while (Volatile.Read(ref _stopped) == 0 && AcceptOne())
            {
            }
        }
        while (Interlocked.Add(ref _calls, -seen) != 0);

        if (Volatile.Read(ref _stopped) != 0)
            CloseSocket();
    }

    /// <summary>Only while nobody accepts: a closed descriptor's number may be another socket's at once.</summary>
    private void CloseSocket()
    {
        if (Interlocked.CompareExchange(ref _calls, int.MinValue / 2, 0) != 0)
            return;
        _thread?.Release(_key, (int)_socket.SafeHandle.DangerousGetHandle());
        _socket.Dispose();
        if (_socketPath is not null)
            File.Delete(_socketPath);
    }

    private unsafe bool AcceptOne()
    {
        if (_rooms.Counters.Open >= _connectionsMax)
        {
            // Full: the kernel holds the rest, in order, until connections close and the next look finds room.
            return false;
        }

        const int addressBytesMax = 128;
        var address = stackalloc byte[addressBytesMax];
        var length = addressBytesMax;
        var descriptor = Kernel.Accept(
            (int)_socket.SafeHandle.DangerousGetHandle(), address, &length, Kernel.NonBlockCloseOnExec);
        if (descriptor >= 0)
        {
            LastError = 0;
            Open(descriptor, new ReadOnlySpan<byte>(address, length));
            return true;
        }

        switch (Kernel.LastError)
        {
            case Kernel.EAgain:
                return false;
            case Kernel.EIntr or Kernel.EConnAborted:
                return true;
            case var error:
                // Descriptors or memory are used up; what waits in the kernel is taken a little later.
                LastError = error;
                return false;
        }
    }

    private void Open(int descriptor, ReadOnlySpan<byte> address)
    {
        var peer = new Peer(AddressBytes(address), Port, tls: false, _rooms.Trust);
        if (Port != 0)
            SocketWire.SetNoDelay(descriptor);
        if (!SocketWire.TryOpen(descriptor, IoThreads.Next(), out var wire))
            return;
        var client = new Http1Client(wire, peer, _rooms.Limits);
        client.Input.MayBeHttp2 = _rooms.HandOver is not null;
        _open.Begin(client, client.Input);
    }

    /// <summary>The address proper within the kernel's sockaddr: 4 bytes, 16 bytes, or none.</summary>
    private static ReadOnlySpan<byte> AddressBytes(ReadOnlySpan<byte> address)
    {
        const int ipv4 = 2;
        const int ipv6 = 10;
        return address.Length < 2 ? default : address[0] switch
        {
            ipv4 => address.Slice(4, 4),
            ipv6 => address.Slice(8, 16),
            _ => default,
        };
    }
}
