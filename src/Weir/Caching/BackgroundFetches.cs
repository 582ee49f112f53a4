using Weir.Beat;
using Weir.Core.Caching;
using Weir.Core.Http.Forwarding;
using Weir.Edge;
using Weir.Routing;

namespace Weir.Caching;

// Fetches that nobody waits for. One goes out only while a worker of its app idles and no request waits, and half of
// the workers are left to clients, so that a refresh never stands before a client. What was offered while there was no
// such moment is begun by the heartbeat.
//
// An exchange that is begun holds no slot yet: it may be driven only after what drives now. So those that are under way
// are kept, and each that has not come past the queue counts as a slot taken.

/// <summary>Refreshes behind stale answers, and warm-ups.</summary>
internal sealed class BackgroundFetches(OpenExchanges open)
{
    /// <summary>Offers of an app that may wait; past it one is dropped, and the next stale hit makes it.</summary>
    private const int WaitingMax = 1_000;

    /// <summary>An offer whose moment does not come is forgotten, with the credential that may be in it.</summary>
    private static readonly long OfferAgeMax = Clock.Micros(TimeSpan.FromMinutes(5));

    private readonly Lock _lock = new();
    private readonly Dictionary<App, Line> _lines = [];
    private long _begun;

    public long Begun => Interlocked.Read(ref _begun);

    public int Waiting
    {
        get
        {
            lock (_lock)
                return _lines.Values.Sum(line => line.Waiting.Count);
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
            var line = LineOf_NeedsLock(app);
            if (line.Waiting.Count >= WaitingMax || !line.Known.Add(name))
                return;
            line.Waiting.Enqueue(new Offered(name, head, client.Peer, Clock.Now));
        }

        BeginWhatMay(app);
    }

    /// <summary>On the heartbeat.</summary>
    public void BeginWhatMay(long now)
    {
        App[] apps;
        lock (_lock)
        {
            if (_lines.Count == 0)
                return;
            apps = [.. _lines.Keys];
        }

        foreach (var app in apps)
        {
            BeginWhatMay(app);
            lock (_lock)
            {
                if (_lines.TryGetValue(app, out var line) && line.Forget(now - OfferAgeMax))
                    _lines.Remove(app);
            }
        }
    }

    /// <summary>Begins a fetch if a worker of the app idles and nobody waits; false: not now.</summary>
    public bool TryBegin(App app, byte[] head, Peer peer, Action<FetchEnd> whenEnded)
    {
        Line line;
        UnderWay fetch;
        lock (_lock)
        {
            if (!MayBegin_NeedsLock(app))
                return false;
            line = LineOf_NeedsLock(app);
            fetch = line.Begin();
        }

        Begin(line, fetch, head, peer, whenEnded);
        return true;
    }

    /// <summary>
    /// Begins a fetch at once, in the place of a client's own: what that has cost the client is its wait. False: the
    /// client fetches itself.
    /// </summary>
    public bool BeginInPlace(ClientSide client, CacheTurn turn, long giveUp)
    {
        var house = new HouseClient(client.Head.Bytes.ToArray(), client.Peer);
        var isCeded = false;
        var fills = turn.Fills;
        Interlocked.Increment(ref _begun);
        open.BeginStream(
            house, Clock.Now,
            _ =>
            {
                // Whatever became of it: who waits for it learns of its end.
                if (house.Inherits is { } place)
                    fills.Gone(place, Clock.Now);
            },
            exchange =>
            {
                var heir = new FillPlace(exchange);
                isCeded = turn.Cede(heir, giveUp);
                house.Inherits = isCeded ? heir : null;
            });
        return isCeded;
    }

    private void BeginWhatMay(App app)
    {
        while (true)
        {
            Line? line;
            Offered next;
            UnderWay fetch;
            lock (_lock)
            {
                if (!_lines.TryGetValue(app, out line) || line.Waiting.Count == 0 || !MayBegin_NeedsLock(app))
                    return;
                next = line.Waiting.Dequeue();
                fetch = line.Begin();
            }

            Begin(line, fetch, next.Head, next.Peer, _ =>
            {
                lock (_lock)
                    line.Known.Remove(next.Name);
            });
        }
    }

    private void Begin(Line line, UnderWay fetch, byte[] head, Peer peer, Action<FetchEnd> whenEnded)
    {
        Interlocked.Increment(ref _begun);
        open.BeginStream(
            new HouseClient(head, peer), Clock.Now,
            closed =>
            {
                lock (_lock)
                    line.UnderWay.Remove(fetch);
                whenEnded(closed.FetchEnd);
            },
            exchange => fetch.Exchange = exchange);
    }

    /// <summary>Whether a fetch of this app could begin now.</summary>
    public bool HasRoom(App app)
    {
        lock (_lock)
            return MayBegin_NeedsLock(app);
    }

    /// <summary>A worker of this app idles that no earlier fetch is about to take, and nobody waits.</summary>
    private bool MayBegin_NeedsLock(App app)
    {
        var (begun, underWay) = _lines.TryGetValue(app, out var line)
            ? (line.UnderWay.Count(fetch => !fetch.IsPastQueue), line.UnderWay.Count)
            : (0, 0);
        return app.Look(router => !router.IsPaused && BackgroundRoom.MayBegin(
            router.QueueLength, router.InFlight, router.SlotsTotal, begun, underWay));
    }

    private Line LineOf_NeedsLock(App app)
    {
        if (!_lines.TryGetValue(app, out var line))
            _lines.Add(app, line = new Line());
        return line;
    }

    private sealed record Offered(string Name, byte[] Head, Peer Peer, long At);

    /// <summary>One that was begun and has not ended.</summary>
    private sealed class UnderWay
    {
        private Exchange? _exchange;

        public Exchange? Exchange
        {
            set => Volatile.Write(ref _exchange, value);
        }

        /// <summary>What it holds, if anything, the router counts.</summary>
        public bool IsPastQueue => Volatile.Read(ref _exchange) is { State: > Stage.Queue };
    }

    private sealed class Line
    {
        public Queue<Offered> Waiting { get; } = new();
        public HashSet<string> Known { get; } = [];
        public List<UnderWay> UnderWay { get; } = [];

        public UnderWay Begin()
        {
            var fetch = new UnderWay();
            UnderWay.Add(fetch);
            return fetch;
        }

        /// <summary>True: nothing is left of it.</summary>
        public bool Forget(long before)
        {
            while (Waiting.TryPeek(out var offered) && offered.At < before)
                Known.Remove(Waiting.Dequeue().Name);
            return Known.Count == 0 && UnderWay.Count == 0;
        }
    }
}
