using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using Weir.Wires;

namespace Weir.Pooling;

/// <summary>
/// A socket to a server while it logs in: by the kernel's blocking calls, each within the limit. The runtime's own
/// sockets would watch it for good, on a thread that is then woken by every answer for as long as the connection lives
/// (15 % of the pooler's time, measured).
/// </summary>
internal sealed unsafe class ServerSocket : IDisposable
{
    private int _descriptor;

    private ServerSocket(int descriptor) => _descriptor = descriptor;

    /// <exception cref="IOException">It cannot be reached within the limit.</exception>
    public static ServerSocket Connect(SocketAddress to, TimeSpan limit)
    {
        const int stream = 1;
        const int closeOnExec = 0x80000;
        var isUnix = to.Family == AddressFamily.Unix;
        var descriptor = Kernel.Socket(SocketWire.NativeFamily(to), stream | closeOnExec, 0);
        if (descriptor < 0)
            throw Failed("socket");
        var socket = new ServerSocket(descriptor);
        try
        {
            socket.Limit(limit);
            if (!isUnix)
                SocketWire.SetNoDelay(descriptor);
            fixed (byte* address = to.Buffer.Span)
            {
                while (Kernel.Connect(descriptor, address, to.Size) < 0)
                {
                    if (Kernel.LastError != Kernel.EIntr)
                        throw Failed("connect");
                }
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Bytes received; 0: the server has closed.</summary>
    /// <exception cref="IOException">The connection is broken, or the time is up.</exception>
    public int Receive(Span<byte> into)
    {
        fixed (byte* start = into)
        {
            while (true)
            {
                var received = Kernel.Receive(_descriptor, start, into.Length, 0);
                if (received >= 0)
                    return (int)received;
                if (Kernel.LastError != Kernel.EIntr)
                    throw Failed("receive");
            }
        }
    }

    /// <exception cref="IOException">The connection is broken, or the time is up.</exception>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        const int noSignal = 0x4000;
        fixed (byte* start = bytes)
        {
            for (var at = 0; at < bytes.Length;)
            {
                var sent = Kernel.Send(_descriptor, start + at, bytes.Length - at, noSignal);
                if (sent >= 0)
                    at += (int)sent;
                else if (Kernel.LastError != Kernel.EIntr)
                    throw Failed("send");
            }
        }
    }

    /// <summary>The connection as a wire; this object is spent.</summary>
    /// <exception cref="IOException">The kernel has no room to watch one more.</exception>
    public SocketWire ToWire(IoThread? near)
    {
        var thread = near is null || near.IsStalled(Beat.Clock.Now) ? IoThreads.Next() : near;
        var descriptor = Interlocked.Exchange(ref _descriptor, -1);
        Kernel.SetNonBlocking(descriptor);
        return SocketWire.TryOpen(descriptor, thread, out var wire) ? wire
            : throw new IOException("no room to watch another connection");
    }

    /// <summary>The connection as a socket of the runtime's, for TLS; this object is spent.</summary>
    public Socket ToSocket() =>
        new(new SafeSocketHandle(Interlocked.Exchange(ref _descriptor, -1), ownsHandle: true));

    public void Dispose()
    {
        var descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0)
            _ = Kernel.Close(descriptor);
    }

    /// <summary>SO_RCVTIMEO and SO_SNDTIMEO of socket(7), the second also for connecting.</summary>
    public void Limit(TimeSpan limit)
    {
        const int socketLevel = 1;
        const int receiveTimeout = 20;
        const int sendTimeout = 21;
        var time = stackalloc long[2] { (long)limit.TotalSeconds, limit.Microseconds + limit.Milliseconds * 1000L };
        if (time[0] == 0 && time[1] == 0)
            time[1] = 1;
        _ = Kernel.SetOption(_descriptor, socketLevel, receiveTimeout, time, 2 * sizeof(long));
        _ = Kernel.SetOption(_descriptor, socketLevel, sendTimeout, time, 2 * sizeof(long));
    }

    private static IOException Failed(string what) => Kernel.LastError is Kernel.EAgain or Kernel.EInProgress
        ? new IOException($"{what}: no answer in time")
        : new IOException(new Win32Exception(Kernel.LastError).Message);
}
