using System.Net.Sockets;
using Weir.Core.Processes;
using Weir.Pooling;
using Weir.Processes;

namespace Weir.Verbs;

/// <summary>The pooler that <c>weir run</c> opens for its instances, from the settings to its end.</summary>
internal sealed class RunPooling : IDisposable
{
    /// <summary>
    /// Connections of an instance that serves no requests: Sidekiq's threads, and more than most others have.
    /// </summary>
    private const int ConnectionsOfOthers = 5;

    /// <summary>Nobody is left by then who could have a transaction open.</summary>
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(1);

    private readonly House _house;
    private PoolHouse? _pool;

    /// <param name="own">Weir's own environment.</param>
    public RunPooling(Serving serving, IReadOnlyDictionary<string, string> own)
    {
        _house = serving.House;
        var run = _house.Rooms.Options.Run;
        Pool = new RunPool(new RunPoolParts
        {
            ReadOptions = () => _house.Rooms.Options.Pool,
            Elsewhere = run.Pool,
            Forbidden = Forbidden(run, own),
            SwitchedBy = SwitchedBy,
            ProbeAsync = (server, limit) => PoolHouse.ProbeAsync(server, limit, _house.Rooms.Options.Pool),
            Open = Open,
            Tell = Tell,
        });
        serving.Show(() => _pool?.Pools.All ?? []);
        if (serving.Reloading is { } reloading)
            reloading.WhenDone = (_, _) => Pool.Adopt();
    }

    public RunPool Pool { get; }

    /// <summary>Before anything of this plan is started.</summary>
    public Task LookAsync(RunPlan plan) => Pool.LookAsync(plan.Environment, SlotsOf(plan));

    public Task StopAsync() => _pool?.StopAsync(StopMax) ?? Task.CompletedTask;

    public void Dispose() => _pool?.Dispose();

    private static string Forbidden(RunOptions run, IReadOnlyDictionary<string, string> own)
    {
        if (DynoName.Read(own.GetValueOrDefault("DYNO")) is { IsOneOff: true } dyno)
            return $"{dyno.Text} is for one command";
        // With a pooler of its own life nothing is lost when this Weir goes.
        return run.Adopt && run.Pool.Length == 0
            ? "with run.adopt an instance that outlives this Weir would lose its way to the database; start a weir "
                + "pool beside it, and name that with run.pool"
            : "";
    }

    /// <summary>As people say it: the short flag.</summary>
    private string SwitchedBy()
    {
        var setting = Config.Settings.Find("pool.enabled")!;
        var source = _house.Rooms.Options.Sources.FirstOrDefault(one => one.Name == setting.Name)?.Source;
        return source is null || source == setting.Flag ? "--" + setting.Not : source;
    }

    private PoolDoor Open(PoolOptions options)
    {
        var pool = new PoolHouse(options, new PoolParts
        {
            Say = (message, name, detail) => _house.Say(message, ("name", name), ("detail", detail)),
            WhenFault = fault => _house.Rooms.WhenFault?.Invoke(fault),
            Spill = _house.Rooms.Options.Spill,
        });
        try
        {
            pool.Start();
        }
        catch (Exception fault) when (fault is SocketException or FormatException or IOException)
        {
            pool.Dispose();
            throw new IOException($"the pooler could not be opened ({fault.Message})", fault);
        }

        _pool = pool;
        return new PoolDoor(pool.Addresses[0], pool.Admit, pool.Adopt);
    }

    /// <summary>Requests and jobs that may need the database at once; 0 where the app has no bound.</summary>
    private int SlotsOf(RunPlan plan)
    {
        var isTold = _house.Rooms.Options.Sources.Any(one => one.Name.EndsWith("slots", StringComparison.Ordinal));
        var told = isTold ? _house.Rooms.Options.Apps.First(app => app.To.Count == 0).Slots : 0;
        var sum = 0;
        foreach (var type in plan.Types)
        {
            var found = FoundSlots.Of(type.Line, plan.Folder, plan.Environment);
            if (type.IsRouted && !isTold && found.IsAsync || type.IsRouted && isTold && told == 0)
                return 0;
            sum += type.Count * (!type.IsRouted ? ConnectionsOfOthers : isTold ? told : found.Slots);
        }

        return sum;
    }

    private void Tell(string line, bool isWarning)
    {
        if (isWarning || !_house.Rooms.Options.Quiet)
            CommandLine.Say(line);
    }
}
