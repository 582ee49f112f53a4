using System.Net;
using System.Net.Sockets;
using System.Text;
using Weir.Beat;

namespace Weir.Demo;

/// <summary>
/// Ordinary clients in an open loop: they come when they come, whether or not the others were served, and their wait
/// counts from the planned moment.
/// </summary>
internal sealed class OrdinaryClients(IPEndPoint server)
{
    public const int PerSecond = 20;

    /// <summary>Then a client gives up, as the usual routers and browsers' users do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private const long IntervalMicros = 1_000_000 / PerSecond;

    private readonly Lock _lock = new();
    private readonly Waits _waits = new();
    private readonly byte[] _request = Encoding.ASCII.GetBytes(
        $"GET / HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n");

    /// <param name="began">Microseconds; the first request is planned for this moment.</param>
    public async Task RunAsync(long began)
    {
        for (var planned = began; ; planned += IntervalMicros)
        {
            var early = planned - Clock.Now;
            if (early > 0)
                await Task.Delay(TimeSpan.FromMicroseconds(early)).ConfigureAwait(false);
            lock (_lock)
                _waits.Begin(planned);
            _ = VisitAsync(planned);
        }
    }

    public SideFigures Figures(long now)
    {
        lock (_lock)
        {
            return new SideFigures
            {
                Median = _waits.At(0.5, now),
                P95 = _waits.At(0.95, now),
                Answered = _waits.Answered,
                Waiting = _waits.Waiting,
                Failed = _waits.Failed,
            };
        }
    }

    private async Task VisitAsync(long planned)
    {
        using var patience = new CancellationTokenSource(Patience);
        var isAnswered = false;
        try
        {
            isAnswered = await AskAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException)
        {
            // Refused, broken off, or out of patience: all count as not answered.
        }

        lock (_lock)
            _waits.End(planned, Clock.Now, isAnswered);
    }

    /// <summary>True for a whole answer that is no server error.</summary>
    private async Task<bool> AskAsync(CancellationToken cancel)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancel).ConfigureAwait(false);
        await socket.SendAsync(_request, cancel).ConfigureAwait(false);
        var buffer = new byte[4096];
        var filled = 0;
        var isWell = false;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled), cancel).ConfigureAwait(false);
            if (read == 0)
                return isWell;
            // "HTTP/1.1 200": what comes after the status is only read.
            filled = Math.Min(filled + read, 12);
            isWell = filled == 12 && buffer[9] is >= (byte)'2' and < (byte)'5';
        }
    }
}
