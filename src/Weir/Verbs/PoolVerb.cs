using System.Net.Sockets;
using Weir.Config;
using Weir.Ledger;
using Weir.Pooling;
using Weir.Processes;

namespace Weir.Verbs;

/// <summary>The PostgreSQL pooler alone, until it is told to stop.</summary>
internal sealed class PoolVerb(WeirOptions options, OptionsSource source) : IDisposable
{
    /// <summary>Flags that are this verb's settings: the pooler's own, and those of any Weir.</summary>
    public static readonly IReadOnlyList<string> Settings =
    [
        .. PoolSettings.All.Select(setting => setting.Name).Except(["pool.enabled", "pool.variables"]),
        "admin", "admin.token", "edge.io-threads", "spill.directory", "log", "log.file", "shutdown.deadline", "quiet",
    ];

    /// <summary>They would be the front door's elsewhere.</summary>
    public static readonly IReadOnlyDictionary<string, string> Short = new Dictionary<string, string>
    {
        ["pool.to"] = "to",
        ["pool.listen"] = "listen",
        ["pool.auth"] = "auth",
        ["pool.ini"] = "ini",
    };

    /// <summary>Milliseconds between two questions to a server that did not answer the first.</summary>
    private const int BoundPauseMin = 2_500;
    private const int BoundPauseMax = 60_000;

    private readonly LogWriter? _log = LogWriter.Open(options.Ledger);

    private readonly TaskCompletionSource<PoolShutdown> _asked =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly ServerBounds _bounds =
        new(url => PoolHouse.ProbeAsync(url, options.Pool.ConnectTimeout, options.Pool));

    private readonly SemaphoreSlim _changed = new(0);
    private WeirOptions _options = options;
    private PoolHouse? _pool;

    public static async Task<int> RunAsync(VerbCall call)
    {
        var source = OptionsSource.Of(call);
        if (OptionsLoader.Load(source) is not { } options)
            return CommandLine.WrongUsage;
        if (Fault(options) is { } fault)
            return CommandLine.Wrong($"pool: {fault}");
        using var verb = new PoolVerb(options, source);
        return await verb.RunAsync().ConfigureAwait(false);
    }

    /// <summary>What is wrong with these options for this verb; null where nothing is.</summary>
    public static string? Fault(WeirOptions options) => options.Pool.Databases.Count > 0 ? null
        : options.Pool.Ini.Length > 0 ? $"{options.Pool.Ini} has no database; write one under [databases]"
        : "there is no database; say: weir pool --to postgres://USER:PASSWORD@HOST/DATABASE, or --ini FILE";

    public void Dispose()
    {
        _log?.Dispose();
        _changed.Dispose();
    }

    private async Task<int> RunAsync()
    {
        Wires.IoThreads.Count = _options.Edge.IoThreads;
        Wires.SendRound.UsesRings = _options.Edge.IoUring;
        using var signals = new RelayedSignals();
        using var pool = _pool = new PoolHouse(_options.Pool, Parts());
        try
        {
            pool.Start();
        }
        catch (SocketException fault)
        {
            var where = string.Join(", ", Listen(_options.Pool));
            CommandLine.Say($"pool: cannot listen on {where}: {fault.Message}; choose another with --listen");
            return CommandLine.Failed;
        }
        catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException)
        {
            CommandLine.Say($"pool: {fault.Message}");
            return CommandLine.Failed;
        }

        if (!_options.Quiet)
        {
            foreach (var line in PoolBanner.Lines(_options.Pool, pool.Addresses))
                CommandLine.Say(line);
        }

        Supervisor.Own.Ready($"pooling on {string.Join(", ", pool.Addresses)}");
        signals.PassTo(number =>
        {
            if (number == PosixCalls.SigHangUp)
                Reload(pool);
        });
        using var watchdog = Watch();
        var admin = new PoolAdmin(pool, () => _options, () => Reload(pool));
        await using (admin.ConfigureAwait(false))
        {
            // Off the way of the first client.
            await Task.Run(admin.StartAsync).ConfigureAwait(false);
            using var ended = new CancellationTokenSource();
            var bounding = Task.Run(() => BoundAsync(pool, ended.Token));
            var code = await ServeAsync(pool, signals).ConfigureAwait(false);
            await ended.CancelAsync().ConfigureAwait(false);
            await bounding.ConfigureAwait(false);
            return code;
        }
    }

    /// <summary>Keeps pools under what their servers take; a server that does not answer is asked again.</summary>
    private async Task BoundAsync(PoolHouse pool, CancellationToken ended)
    {
        var pause = BoundPauseMin;
        try
        {
            while (true)
            {
                var hasAll = await _bounds.AskAsync(_options.Pool.Databases).WaitAsync(ended).ConfigureAwait(false);
                lock (_reloading)
                    Bound(pool);
                pause = hasAll ? BoundPauseMin : Math.Min(2 * pause, BoundPauseMax);
                await _changed.WaitAsync(hasAll ? Timeout.Infinite : pause, ended).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Weir ends.
        }
    }

    private void Bound(PoolHouse pool)
    {
        var bounded = _bounds.Apply(pool.Options);
        if (bounded.Databases.SequenceEqual(pool.Options.Databases))
            return;
        if (TryAdopt(pool, bounded) is { } problem)
        {
            CommandLine.Say($"pool: {problem}");
            return;
        }

        foreach (var line in _options.Quiet ? [] : _bounds.Tell(bounded))
            CommandLine.Say(line);
    }

    /// <returns>The exit code.</returns>
    private async Task<int> ServeAsync(PoolHouse pool, RelayedSignals signals)
    {
        await Task.WhenAny(signals.End, _asked.Task).ConfigureAwait(false);
        Supervisor.Own.Stopping();
        if (signals.End.IsCompleted)
        {
            // Asked a second time, nobody's transaction is waited for.
            await Task.WhenAny(StopAsync(pool), signals.Again).ConfigureAwait(false);
            return 128 + await signals.End.ConfigureAwait(false);
        }

        await Task.WhenAny(EndAsAskedAsync(pool), signals.End).ConfigureAwait(false);
        return 0;
    }

    private Task StopAsync(PoolHouse pool) => pool.StopAsync(_options.ShutdownDeadline - TimeSpan.FromSeconds(1));

    /// <summary>The console's SHUTDOWN.</summary>
    private async Task EndAsAskedAsync(PoolHouse pool)
    {
        var how = await _asked.Task.ConfigureAwait(false);
        if (how == PoolShutdown.WaitForClients)
            await pool.WaitForClientsAsync(CancellationToken.None).ConfigureAwait(false);
        if (how == PoolShutdown.Now)
            await pool.StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        else
            await StopAsync(pool).ConfigureAwait(false);
    }

    private PoolParts Parts()
    {
        var log = new HouseLog(_options.Ledger.Log, _log, Console.Error);
        return new PoolParts
        {
            Say = (message, name, detail) =>
            {
                if (!_options.Quiet || message.Level != Core.Ledger.OutcomeLevel.Info)
                    log.Say(message, ("name", name), ("detail", detail));
            },
            Reload = () => Reload(_pool!),
            Shutdown = how => _asked.TrySetResult(how),
            WhenFault = fault => log.Say(HouseMessages.Bug, ("exception", fault)),
            Spill = _options.Spill,
        };
    }

    /// <summary>Twice in the time that the service manager gives.</summary>
    private static Timer? Watch()
    {
        var micros = Supervisor.Own.WatchdogMicros;
        if (micros <= 0)
            return null;
        var every = TimeSpan.FromMicroseconds(micros / 2);
        return new Timer(_ => Supervisor.Own.Alive(), null, every, every);
    }

    /// <summary>All that can change changes; or every fault is told, and nothing has.</summary>
    /// <returns>What is wrong with them; empty: they are in force.</returns>
    private List<string> Reload(PoolHouse pool)
    {
        lock (_reloading)
        {
            Supervisor.Own.Reloading();
            var (next, faults) = source.Read();
            OptionsLoader.Tell(faults);
            var problems = next is null ? [.. faults.Select(one => $"{one.Key} {one.Problem}".Trim())]
                : Fault(next) is { } fault ? [fault] : Adopt(pool, next);
            if (problems.Count > 0)
                CommandLine.Say($"reload: nothing was changed: {string.Join("; ", problems)}");
            Supervisor.Own.Ready($"pooling on {string.Join(", ", pool.Addresses)}");
            return problems;
        }
    }

    /// <summary>One reload at a time: a signal and the console may both ask.</summary>
    private readonly Lock _reloading = new();

    private List<string> Adopt(PoolHouse pool, WeirOptions next)
    {
        var needs = RestartOnly.Changed(_options, next);
        next = RestartOnly.Keep(_options, next);
        if (TryAdopt(pool, _bounds.Apply(next.Pool)) is { } problem)
            return [problem];
        _options = next;
        _changed.Release();
        CommandLine.Say(needs.Count == 0 ? "reloaded"
            : $"reloaded; needs a restart: {string.Join(", ", needs)}");
        return [];
    }

    /// <returns>Why nothing was changed; null: they are in force.</returns>
    private static string? TryAdopt(PoolHouse pool, PoolOptions options)
    {
        try
        {
            pool.Adopt(options);
            return null;
        }
        catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException)
        {
            return fault.Message;
        }
    }

    private static IReadOnlyList<string> Listen(PoolOptions pool) =>
        pool.Listen.Count > 0 ? pool.Listen : [PoolOptions.UsualListen];
}
