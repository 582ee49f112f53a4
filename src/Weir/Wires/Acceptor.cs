using System.Net;
using System.Net.Sockets;
using Weir.Beat;

namespace Weir.Wires;

/// <summary>A listening socket that takes what connects, until it is stopped.</summary>
internal abstract class Acceptor : IWatcher, IDisposable
{
    /// <summary>
    /// Connections the kernel may hold for us. 4096: Linux's own bound (net.core.somaxconn) since 5.4.
    /// </summary>
    private const int AcceptBacklog = 4096;

    private const long LookEveryMicros = 100_000;

    private readonly Socket _socket;
    private readonly string? _socketPath;
    private long _lookAt;
    private int _stopped;
    private int _calls;
    private (IoThread Thread, int Place)[] _watches = [];

    /// <param name="socketPath">The file to delete at the end; null: there is none, or it is not ours.</param>
    protected Acceptor(Socket socket, string address, string? socketPath, bool listens)
    {
        _socket = socket;
        _socketPath = socketPath;
        if (!listens)
            socket.Listen(AcceptBacklog);
        Address = address;
        Port = socket.LocalEndPoint is IPEndPoint end ? end.Port : 0;
        // Linux gives it on to every connection that is accepted: a call less for each.
        if (Port != 0)
            socket.NoDelay = true;
        socket.Blocking = false;
    }

    /// <summary>For options of its own; those of TCP that accepted connections inherit are told in tcp(7).</summary>
    protected Socket Listening => _socket;

    public string Address { get; }

    /// <summary>0 for a unix socket.</summary>
    public int Port { get; }

    /// <summary>The kernel's error number of the last failed accept; 0 while all is well.</summary>
    public int LastError { get; private set; }

    /// <summary>
    /// False: the kernel holds the rest, in order, until connections close and the next look finds room.
    /// </summary>
    protected abstract bool HasRoom { get; }

    /// <summary>Takes over a connected, non-blocking descriptor.</summary>
    /// <param name="address">The kernel's sockaddr of the peer.</param>
    protected abstract void Open(int descriptor, ReadOnlySpan<byte> address);

    public void Start(Heartbeat heartbeat)
    {
        heartbeat.EveryTick(Tick);
        var descriptor = (int)_socket.SafeHandle.DangerousGetHandle();
        _watches = [.. IoThreads.All.Select(thread => (thread, thread.WatchShared(descriptor, this)))];
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

    /// <summary>The address proper within the kernel's sockaddr: 4 bytes, 16 bytes, or none.</summary>
    protected static ReadOnlySpan<byte> AddressBytes(ReadOnlySpan<byte> address)
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
            while (Volatile.Read(ref _stopped) == 0 && AcceptOne() && MayHaveMore())
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
        foreach (var (thread, place) in _watches)
            thread.Release(place);
        _socket.Dispose();
        if (_socketPath is not null)
            File.Delete(_socketPath);
    }

    /// <summary>
    /// An accept that finds nobody makes a socket and a file for nothing first; with the question, 5 % more short
    /// connections a second. Who comes after it is an edge of its own.
    /// </summary>
    private bool MayHaveMore() => Kernel.IsReadable((int)_socket.SafeHandle.DangerousGetHandle());

    private unsafe bool AcceptOne()
    {
        if (!HasRoom)
            return false;
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
}
