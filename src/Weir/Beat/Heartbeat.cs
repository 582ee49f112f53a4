using System.Runtime.InteropServices;

namespace Weir.Beat;

/// <summary>
/// The one timer of the house: a thread that looks at deadlines. Setting a deadline is one store, so a request may set
/// a dozen; what it costs is a look at each machine ten times a second. A deadline is met up to 120 ms late, the apps'
/// own (queue bounds, quarantine) up to one tick.
/// </summary>
internal sealed partial class Heartbeat : IDisposable
{
    /// <summary>For a house of which nothing is asked within milliseconds: ten wakes a second, not fifty.</summary>
    public static readonly TimeSpan SlowTick = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan FastTick = TimeSpan.FromMilliseconds(20);

    private readonly TimeSpan _tick;
    private readonly int _slowShards;
    private readonly Lock _lock = new();

    /// <summary>The slow ones, each looked at ten times a second, and behind them the fast one.</summary>
    private readonly List<Driven?>[] _shards;
    private readonly Stack<int>[] _holes;
    private readonly List<Action<long>> _everyTick = [];
    private readonly Thread _thread;
    private volatile bool _isStopped;
    private int _nextShard;

    /// <param name="tick">At most 100 ms; 20 ms unless told.</param>
    public Heartbeat(TimeSpan tick = default)
    {
        _tick = tick > TimeSpan.Zero ? tick : FastTick;
        _slowShards = Math.Max(1, (int)(SlowTick / _tick));
        _shards = new List<Driven?>[_slowShards + 1];
        _holes = new Stack<int>[_slowShards + 1];
        for (var shard = 0; shard < _shards.Length; shard++)
        {
            _shards[shard] = [];
            _holes[shard] = new Stack<int>();
        }

        _thread = new Thread(Run) { IsBackground = true, Name = "weir heartbeat" };
    }

    private int FastShard => _slowShards;

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
                return Enumerable.Range(0, _shards.Length).Sum(shard => _shards[shard].Count - _holes[shard].Count);
        }
    }

    public void Start() => _thread.Start();

    /// <summary>Called each tick on the heartbeat's thread; must not block.</summary>
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
                _nextShard = (shard + 1) % _slowShards;
            if (!_holes[shard].TryPop(out var place))
            {
                place = _shards[shard].Count;
                _shards[shard].Add(null);
            }

            _shards[shard][place] = driven;
            driven.BeatIndex = place * _shards.Length + shard;
        }
    }

    public void Remove(Driven driven)
    {
        lock (_lock)
        {
            if (driven.BeatIndex < 0)
                return;
            var shard = driven.BeatIndex % _shards.Length;
            var place = driven.BeatIndex / _shards.Length;
            _shards[shard][place] = null;
            _holes[shard].Push(place);
            driven.BeatIndex = -1;
        }
    }

    public void Dispose()
    {
        _isStopped = true;
        if (_thread.IsAlive && Thread.CurrentThread != _thread)
            _thread.Join(TimeSpan.FromSeconds(1));
    }

    private void Run()
    {
        var due = new List<Driven>();
        var shard = 0;
        long followed = 0;
        var expected = Clock.Now;
        while (true)
        {
            // The runtime's own waits make several calls each, which shows in a house that idles.
            _ = Sleep((uint)_tick.TotalMicroseconds);
            if (_isStopped)
                return;
            var now = Clock.Now;
            expected += Clock.Micros(_tick);
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
            shard = (shard + 1) % _slowShards;
        }
    }

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int Sleep(uint micros);

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
