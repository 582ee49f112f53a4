using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Weir.Tests.Support;

namespace Weir.EndToEnd.Support;

/// <summary>
/// So many requests a second, each at its own time whatever became of those before it, half of them POSTs with a body,
/// over kept connections as browsers hold them.
/// </summary>
internal sealed class SteadyLoad : IDisposable
{
    private const int Clients = 20;
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(20);
    private readonly IPEndPoint _server;
    private readonly string _path;
    private readonly TimeSpan _every;
    private readonly IReadOnlyList<SideThread> _threads;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _next;
    private long _good;
    private bool _isOver;

    public SteadyLoad(int port, int rate = 200, string path = "/exp?us=5000")
    {
        (_server, _path, _every) = (new IPEndPoint(IPAddress.Loopback, port), path, TimeSpan.FromSeconds(1) / rate);
        _threads = SideThread.Start(Clients, _ => Run());
    }

    /// <summary>What each request that failed met: its code, or how its connection ended.</summary>
    public ConcurrentBag<string> Failures { get; } = [];

    public long Good => Interlocked.Read(ref _good);

    /// <summary>No further requests; returns when those under way have ended.</summary>
    public void Stop()
    {
        Volatile.Write(ref _isOver, true);
        SideThread.JoinAll(_threads);
    }

    public void Dispose() => Stop();

    private void Run()
    {
        RawClient? kept = null;
        while (!Volatile.Read(ref _isOver))
        {
            var number = Interlocked.Increment(ref _next);
            var wait = (_every * number) - _clock.Elapsed;
            if (wait > TimeSpan.Zero) Thread.Sleep(wait);
            kept = Ask(kept, number % 2 == 0);
        }

        kept?.Dispose();
    }

    private RawClient? Ask(RawClient? kept, bool posts)
    {
        try
        {
            kept ??= new RawClient(_server, limit: AnswerMax);
            kept.Send(posts
                ? $"POST {_path} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody"
                : $"GET {_path} HTTP/1.1\r\nHost: a\r\n\r\n");
            var answer = kept.ReadAnswer();
            if (answer.Status == 200)
            {
                Interlocked.Increment(ref _good);
                if (answer.Field("Connection") != "close") return kept;
                // Weir gives a connection so many requests, and says so with the last.
                kept.Dispose();
                return null;
            }

            Failures.Add(answer.Field("X-Weir-Code") is { Length: > 0 } code ? code
                : answer.Status.ToString(CultureInfo.InvariantCulture));
            return kept;
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            Failures.Add(fault.Message);
            kept?.Dispose();
            return null;
        }
    }
}
