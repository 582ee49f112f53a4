using Weir.Beat;
using Weir.Config;
using Weir.Control;
using Weir.Pooling;

namespace Weir.Verbs;

/// <summary>The admin door of a <c>weir pool</c>: its pools to look at, and what can be done to them.</summary>
internal sealed class PoolAdmin : IAsyncDisposable
{
    private static readonly Task<string?> s_noProcesses =
        Task.FromResult<string?>("this is a weir pool: it started no instances, and only weir run has some");

    private readonly PoolHouse _pool;
    private readonly Func<WeirOptions> _options;
    private readonly Func<IReadOnlyList<string>> _reload;
    private readonly AdminServer _server;
    private readonly DateTimeOffset _started = DateTimeOffset.UtcNow;

    /// <param name="options">Those in force.</param>
    /// <param name="reload">Reads them anew; what is wrong with them, or nothing.</param>
    public PoolAdmin(PoolHouse pool, Func<WeirOptions> options, Func<IReadOnlyList<string>> reload)
    {
        (_pool, _options, _reload) = (pool, options, reload);
        _server = new AdminServer(options().Admin, Acts(), ledger: null) { IsPool = true };
    }

    /// <summary>Opens it; the pooler serves without it, and says so, where it cannot be opened.</summary>
    public async Task StartAsync()
    {
        var isQuiet = _options().Quiet;
        await AdminOpening.OpenAsync(_server, isQuiet).ConfigureAwait(false);
        if (!isQuiet && _server is { Tcp: null, Unix: { } unix })
            CommandLine.Say($"admin on unix:{unix}");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private ControlActs Acts() => new()
    {
        Snapshot = Snapshot,
        Settings = () => _options().Sources,
        Bypass = (_, _) => "this is a weir pool: it has no part to bypass; give the app the server's own URL",
        Drain = _ => s_noProcesses,
        Restart = () => s_noProcesses,
        Scale = _ => s_noProcesses,
        Pause = () => _pool.Pools.Pause(database: null) ? null : "it is paused already; weir resume lets clients on",
        Resume = () => _pool.Pools.Resume(database: null) ? null : "it is not paused",
        Reload = Reload,
    };

    private ActReply Reload() =>
        _reload() is { Count: > 0 } problems ? new(false, string.Join("; ", problems)) : new(true, null);

    private HouseSnapshot Snapshot() => new()
    {
        Version = VersionVerb.Version,
        Started = _started,
        At = DateTimeOffset.UtcNow,
        Listen = _pool.Addresses,
        IsPaused = _pool.Pools.IsAllPaused,
        IsStopping = _pool.IsClosing,
        Pools = [.. _pool.Pools.All.Select(pool => PoolSnapshot.Of(pool, Clock.Now))],
        Connections = _pool.Sessions().Length,
        SpillBytes = _pool.SpillBytes,
        BufferBytes = _pool.BufferBytes,
        HeartbeatMs = [.. Wires.IoThreads.All.Select(thread => thread.TakeSlowest(Clock.Now) / 1000.0)],
        IoUring = Wires.IoThreads.All[0].HasRing,
    };
}
