using System.Net;
using System.Net.Sockets;
using Weir.Beat;
using Weir.Core.Http.Forwarding;
using Weir.Wires;

namespace Weir.Edge;

/// <summary>One cleartext listening socket, and the exchanges of its connections.</summary>
internal sealed class Listener : IDisposable
{
    /// <summary>Connections the kernel may hold for us. 4096: Linux's own bound (net.core.somaxconn) since 5.4.</summary>
    private const int AcceptBacklog = 4096;

    private const long RetryAfterMicros = 100_000;

    private readonly Rooms _rooms;
    private readonly Socket _socket;
    private readonly OpenExchanges _open;
    private readonly int _connectionsMax;
    private readonly SocketAsyncEventArgs _accept = new();
    private readonly string? _socketPath;
    private long _retryAt = long.MaxValue;
    private int _stopped;

    public Listener(Rooms rooms, string address, OpenExchanges open, int connectionsMax)
    {
        _rooms = rooms;
        _open = open;
        _connectionsMax = connectionsMax;
        _socket = ListenAddress.Bind(address, out _socketPath);
        _socket.Listen(AcceptBacklog);
        Address = address;
        Port = _socket.LocalEndPoint is IPEndPoint end ? end.Port : 0;
        _accept.Completed += (_, _) => AcceptOn(Take());
    }

    public string Address { get; }

    /// <summary>0 for a unix socket.</summary>
    public int Port { get; }

    /// <summary>For people: where to point a browser.</summary>
    public string Url => Port == 0 ? Address : $"http://{(Address.StartsWith(':') ? "0.0.0.0" : Address[..Address.LastIndexOf(':')])}:{Port}";

    /// <summary>What the last failed accept said; null while all is well.</summary>
    public SocketError? LastFault { get; private set; }

    public void Start()
    {
        _rooms.Heartbeat.EveryTick(Tick);
        AcceptOn(true);
    }

    /// <summary>Takes no more connections; those that are open go on.</summary>
    public void Stop()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
            return;
        _socket.Dispose();
        if (_socketPath is not null)
            File.Delete(_socketPath);
    }

    public void Dispose()
    {
        Stop();
        _accept.Dispose();
    }

    private void Tick(long now)
    {
        if (now < Volatile.Read(ref _retryAt))
            return;
        Volatile.Write(ref _retryAt, long.MaxValue);
        AcceptOn(true);
    }

    private void AcceptOn(bool goOn)
    {
        while (goOn && Volatile.Read(ref _stopped) == 0)
        {
            if (_rooms.Counters.Open >= _connectionsMax)
            {
                // Full: the kernel holds the rest, in order, until connections close.
                Volatile.Write(ref _retryAt, Clock.Now + RetryAfterMicros);
                return;
            }

            try
            {
                _accept.AcceptSocket = null;
                if (_socket.AcceptAsync(_accept))
                    return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            goOn = Take();
        }
    }

    /// <summary>Takes one accepted connection. False: accepting must pause (descriptors are used up, say).</summary>
    private bool Take()
    {
        if (_accept.SocketError == SocketError.Success)
        {
            LastFault = null;
            Open(_accept.AcceptSocket!);
            return true;
        }

        if (_accept.SocketError is SocketError.OperationAborted or SocketError.Interrupted
            && Volatile.Read(ref _stopped) != 0)
            return false;
        if (_accept.SocketError is SocketError.ConnectionAborted or SocketError.ConnectionReset)
            return true;
        LastFault = _accept.SocketError;
        Volatile.Write(ref _retryAt, Clock.Now + RetryAfterMicros);
        return false;
    }

    private void Open(Socket socket)
    {
        try
        {
            Span<byte> bytes = stackalloc byte[16];
            var count = 0;
            if (socket.RemoteEndPoint is IPEndPoint remote)
            {
                socket.NoDelay = true;
                remote.Address.TryWriteBytes(bytes, out count);
            }

            var peer = new Peer(bytes[..count], Port, tls: false, _rooms.Trust);
            var client = new Http1Client(new SocketWire(socket), peer, _rooms.Limits);
            client.Input.MayBeHttp2 = _rooms.HandOver is not null;
            _open.Begin(client, client.Input);
        }
        catch (SocketException)
        {
            // It was reset between the kernel's accept and ours.
            socket.Dispose();
        }
    }
}
