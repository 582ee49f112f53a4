using Weir.Beat;
using Weir.Core.Http.Forwarding;
using Weir.Edge;
using Weir.Routing;

namespace Weir.Caching;

// Fetches that nobody waits for. One goes out only while a worker of its app idles and no request waits, so that a
// refresh never stands before a client. What was offered while there was no such moment is begun by the heartbeat.

/// <summary>Refreshes behind stale answers, and warm-ups.</summary>
internal sealed class BackgroundFetches(OpenExchanges open)
{
    /// <summary>Offers that may wait; past it an offer is dropped, and the next stale hit makes it again.</summary>
    private const int WaitingMax = 1_000;

    private readonly Lock _lock = new();
    private readonly Queue<Offered> _waiting = new();
    private readonly HashSet<(App, string)> _known = [];
    private long _begun;

    public long Begun => Interlocked.Read(ref _begun);

    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    /// <summary>The same request as a client's, on Weir's own account; once while it waits or runs.</summary>
    public void Offer(App app, ClientSide client)
    {
        var head = client.Head.Bytes.ToArray();
        var name = System.Text.Encoding.Latin1.GetString(client.Head.Host)
            + System.Text.Encoding.Latin1.GetString(client.Head.Target);
        lock (_lock)
        {
            if (_waiting.Count >= WaitingMax || !_known.Add((app, name)))
                return;
            _waiting.Enqueue(new Offered(app, name, head, client.Peer));
        }

        BeginWhatMay();
    }

    /// <summary>On the heartbeat, and whenever something was offered.</summary>
    public void BeginWhatMay()
    {
        while (true)
        {
            Offered next;
            lock (_lock)
            {
                if (!_waiting.TryPeek(out next!) || !HasIdleWorker(next.App))
                    return;
                _waiting.Dequeue();
            }

            Begin(next.Head, next.Peer, () => Forget(next));
        }
    }

    /// <summary>Begins a fetch at once.</summary>
    public void Begin(byte[] head, Peer peer, Action whenEnded)
    {
        Interlocked.Increment(ref _begun);
        open.BeginStream(new HouseClient(head, peer), Clock.Now, whenEnded);
    }

    private void Forget(Offered offered)
    {
        lock (_lock)
            _known.Remove((offered.App, offered.Name));
    }

    /// <summary>A worker of this app idles, and nobody waits.</summary>
    public static bool HasIdleWorker(App app) => app.Look(
        router => router.QueueLength == 0 && router.InFlight < router.SlotsTotal);

    private sealed record Offered(App App, string Name, byte[] Head, Peer Peer);
}
