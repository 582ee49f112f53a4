namespace Weir.Beat;

/// <summary>
/// The one timer of the house: a thread that looks at deadlines. Setting a deadline is one store, so a request may set
/// a dozen; what it costs is a look at each machine ten times a second. A deadline is met up to 120 ms late, the apps'
/// own (queue bounds, quarantine) up to 20 ms.
/// </summary>
internal sealed class Heartbeat : IDisposable
{
    private const int SlowShards = 5;
    private const int FastShard = SlowShards;
    private const int Shards = SlowShards + 1;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly List<Driven?>[] _shards = new List<Driven?>[Shards];
    private readonly Stack<int>[] _holes = new Stack<int>[Shards];
    private readonly List<Action<long>> _everyTick = [];
    private readonly Thread _thread;
    // Without spinning: it would try for microseconds, 50 times a second, what never comes.
    private readonly ManualResetEventSlim _stop = new(initialState: false, spinCount: 0);
    private int _nextShard;

    public Heartbeat()
    {
        for (var shard = 0; shard < Shards; shard++)
        {
            _shards[shard] = [];
            _holes[shard] = new Stack<int>();
        }

        _thread = new Thread(Run) { IsBackground = true, Name = "weir heartbeat" };
    }

    /// <summary>How late the last tick was, in microseconds: the sign of a machine that is out of processor.</summary>
    public long LateMicros { get; private set; }

    /// <summary>What a tick failed with last; a failing tick never ends the heartbeat.</summary>
    public Exception? LastFault { get; private set; }

    /// <summary>Machines whose deadlines are looked at.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return Enumerable.Range(0, Shards).Sum(shard => _shards[shard].Count - _holes[shard].Count);
        }
    }

    public void Start() => _thread.Start();

    /// <summary>Called each 20 ms on the heartbeat's thread; must not block.</summary>
    public void EveryTick(Action<long> action)
    {
        lock (_lock)
            _everyTick.Add(action);
    }

    /// <param name="isFast">Looked at each tick: for the few whose deadline is a matter of milliseconds.</param>
    public void Add(Driven driven, bool isFast = false)
    {
        lock (_lock)
        {
            var shard = isFast ? FastShard : _nextShard;
            if (!isFast)
                _nextShard = (shard + 1) % SlowShards;
            if (!_holes[shard].TryPop(out var place))
            {
                place = _shards[shard].Count;
                _shards[shard].Add(null);
            }

            _shards[shard][place] = driven;
            driven.BeatIndex = place * Shards + shard;
        }
    }

    public void Remove(Driven driven)
    {
        lock (_lock)
        {
            if (driven.BeatIndex < 0)
                return;
            var shard = driven.BeatIndex % Shards;
            var place = driven.BeatIndex / Shards;
            _shards[shard][place] = null;
            _holes[shard].Push(place);
            driven.BeatIndex = -1;
        }
    }

    public void Dispose()
    {
        _stop.Set();
        if (_thread.IsAlive && Thread.CurrentThread != _thread)
            _thread.Join(TimeSpan.FromSeconds(1));
        _stop.Dispose();
    }

    private void Run()
    {
        var due = new List<Driven>();
        var shard = 0;
        long followed = 0;
        var expected = Clock.Now;
        while (!_stop.Wait(Tick))
        {
            var now = Clock.Now;
            expected += Clock.Micros(Tick);
            LateMicros = Math.Max(0, now - expected);
            expected = now;
            if (now - followed > 1_000_000)
            {
                Clock.FollowWallClock();
                followed = now;
            }

            try
            {
                foreach (var action in ActionsOfTick())
                    action(now);
                Collect(_shards[FastShard], now, due);
                Collect(_shards[shard], now, due);
                foreach (var driven in due)
                    driven.Raise();
            }
            catch (Exception exception)
            {
                LastFault = exception;
            }

            due.Clear();
            shard = (shard + 1) % SlowShards;
        }
    }

    private Action<long>[] ActionsOfTick()
    {
        lock (_lock)
            return _everyTick.ToArray();
    }

    private void Collect(List<Driven?> shard, long now, List<Driven> due)
    {
        lock (_lock)
        {
            foreach (var driven in shard)
            {
                if (driven is not null && now >= driven.Deadline)
                    due.Add(driven);
            }
        }
    }
}
