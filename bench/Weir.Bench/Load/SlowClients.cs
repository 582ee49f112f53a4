using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weir.Bench.Load;

/// <summary>
/// Clients of a set pace, each beginning anew when it is done, all on one thread of their own with non-blocking
/// sockets: a thousand of them cost little, and a server that does not read them holds up nobody else.
/// </summary>
internal sealed class SlowClients : IDisposable
{
    // Ten turns a second each are smooth; of very many clients each takes one, or the generator would be the load.
    private const long PeriodMicroseconds = 100_000;
    private const long PeriodOfManyMicroseconds = 1_000_000;
    private const int Many = 100;

    // Small, so that the sender feels the reader's pace instead of filling its kernel's buffers.
    private const int ReceiveBufferBytes = 16 * 1024;
    private readonly SlowKind _kind;
    private readonly IPEndPoint _server;
    private readonly long _bytes;
    private readonly int _share;
    private readonly long _period;
    private readonly byte[] _scratch;
    private readonly byte[] _wholeRequest;
    private readonly Client[] _clients;
    private readonly Thread _thread;
    private volatile bool _stopped;

    /// <param name="bytes">Length of each upload or answer.</param>
    /// <param name="bytesPerSecond">Pace of each client.</param>
    public SlowClients(SlowKind kind, IPEndPoint server, int count, long bytes, long bytesPerSecond)
    {
        (_kind, _server, _bytes) = (kind, server, bytes);
        _period = count < Many ? PeriodMicroseconds : PeriodOfManyMicroseconds;
        _share = (int)Math.Max(1, bytesPerSecond * _period / 1_000_000);
        _scratch = new byte[Math.Max(_share, 4096)];
        _wholeRequest = RequestFor(bytes);
        _clients = new Client[count];
        for (var i = 0; i < count; i++)
        {
            // Clients that began together would end together, and be one burst on the app; so the first transfers are
            // of all lengths.
            var first = Math.Max(1, bytes * (i + 1) / count);
            _clients[i] = new Client { Bytes = first, Request = RequestFor(first) };
        }

        _thread = new Thread(Turn) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Uploads answered, or answers read to their end.</summary>
    public long Completed { get; private set; }

    /// <summary>Connections that ended otherwise.</summary>
    public long Failed { get; private set; }

    /// <summary>Clients in the middle of their transfer now.</summary>
    public int Transferring => _clients.Count(c => c.Moved > 0);

    public void Dispose()
    {
        _stopped = true;
        _thread.Join();
        foreach (var client in _clients) client.Socket?.Dispose();
    }

    private byte[] RequestFor(long bytes)
    {
        var size = bytes.ToString(CultureInfo.InvariantCulture);
        const string Common = " HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n";
        return Encoding.Latin1.GetBytes(_kind == SlowKind.Uploads
            ? "POST /upload" + Common + "Content-Length: " + size + "\r\n\r\n"
            : "GET /big?bytes=" + size + Common + "\r\n");
    }

    private void Turn()
    {
        var start = Clock.Now;
        for (long turn = 0; !_stopped; turn++)
        {
            // Spread over the period: clients that all send in the same instant are a burst, not slow clients.
            var at = start + _period * turn / _clients.Length;
            if (at - Clock.Now > 200) Clock.SleepUntil(at);
            var client = _clients[turn % _clients.Length];
            if (client.Socket is null) Open(client);
            if (_kind == SlowKind.Uploads) StepUpload(client);
            else StepRead(client);
        }
    }

    private void Open(Client client)
    {
        var socket = new Socket(_server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (_kind == SlowKind.Reads) socket.ReceiveBufferSize = ReceiveBufferBytes;
        socket.Blocking = false;
        try
        {
            socket.Connect(_server);
        }
        catch (SocketException fault) when (fault.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // The first send shows whether it came to be.
        }
        catch (SocketException)
        {
            socket.Dispose();
            Failed++;
            return;
        }

        client.Begin(socket);
    }

    private void StepUpload(Client client)
    {
        if (client.Socket is null || !SendRequest(client)) return;
        // The share is what the pace allows up to now: a server that reads late is not given a burst to catch up.
        var want = (int)Math.Min(_share, client.Bytes - client.Moved);
        if (want > 0)
        {
            var sent = client.Socket.Send(_scratch, 0, want, SocketFlags.None, out var error);
            if (error == SocketError.Success) client.Moved += sent;
            else if (error != SocketError.WouldBlock) End(client, good: false);
            return;
        }

        var got = client.Socket.Receive(_scratch, 0, _scratch.Length, SocketFlags.None, out var fault);
        if (fault == SocketError.WouldBlock) return;
        End(client, good: fault == SocketError.Success && got > 12 && _scratch.AsSpan(9, 3).SequenceEqual("200"u8));
    }

    private void StepRead(Client client)
    {
        if (client.Socket is null || !SendRequest(client)) return;
        var got = client.Socket.Receive(_scratch, 0, _share, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) return;
        client.Moved += got;
        if (error != SocketError.Success || got == 0) End(client, good: client.Moved >= client.Bytes);
    }

    private bool SendRequest(Client client)
    {
        var request = client.Request;
        if (client.RequestSent == request.Length) return true;
        var sent = client.Socket!.Send(
            request, client.RequestSent, request.Length - client.RequestSent, SocketFlags.None, out var error);
        if (error == SocketError.Success) client.RequestSent += sent;
        else if (error is not (SocketError.WouldBlock or SocketError.NotConnected or SocketError.InProgress))
            End(client, good: false);
        return client.Socket is not null && client.RequestSent == request.Length;
    }

    private void End(Client client, bool good)
    {
        if (good) Completed++;
        else Failed++;
        client.Socket?.Dispose();
        client.Socket = null;
        client.Moved = 0;
        if (client.Bytes == _bytes) return;
        client.Bytes = _bytes;
        client.Request = _wholeRequest;
    }

    private sealed class Client
    {
        public Socket? Socket { get; set; }
        public required byte[] Request { get; set; }
        public required long Bytes { get; set; }
        public int RequestSent { get; set; }
        public long Moved { get; set; }

        public void Begin(Socket socket) => (Socket, RequestSent, Moved) = (socket, 0, 0);
    }
}
