using System.Globalization;
using System.Net.Sockets;
using Weir.Config;
using Weir.Core.Processes;
using Weir.Edge;
using Weir.Ledger;
using Weir.Processes;
using Weir.Routing;

namespace Weir.Verbs;

/// <summary>Starts what is to run, stands before it, and keeps it running.</summary>
/// <param name="source">Where the options come from, for a reload.</param>
/// <param name="folder">Where Weir was started (<see cref="AppFolder.Started"/>).</param>
/// <param name="command">The words behind "--"; empty: the Procfile says what to start.</param>
/// <param name="own">Weir's own environment.</param>
internal sealed class RunVerb(
    WeirOptions options, OptionsSource source, string folder, IReadOnlyList<string> command,
    IReadOnlyDictionary<string, string> own)
{
    private readonly PortBook _ports = PortBook.For(options, CommandLine.Say);
    private readonly SocketPaths _sockets = new(RuntimeDirectory.Path());

    /// <returns>
    /// The exit code: the command's where it was the only instance or never got ready, 128 + signal where Weir was
    /// told to end, 127 where the command was not found.
    /// </returns>
    public async Task<int> RunAsync()
    {
        if (ReadPlan(options.Run, out var fault) is not { } plan)
            return CommandLine.Wrong($"run: {fault}");
        if (Fault(options) is { } problem)
            return CommandLine.Wrong($"run: {problem}");
        var served = options.Apps.Single(app => app.To.Count == 0);
        var door = Door(options, plan);
        // Before anything is started: an app that boots for a minute is not started for nothing.
        if (!InheritedSockets.Any && Taken(door.Edge.Listen) is { } taken)
        {
            CommandLine.Say(taken);
            return CommandLine.Failed;
        }

        using var state = await OpenStateAsync(plan).ConfigureAwait(false);
        if (state is null)
            return CommandLine.Failed;
        MakeSocketFolder(plan);
        using var mux = new OutputMux(StandardOutput.Shared, OutputStyle.For(plan, own));
        using var signals = new RelayedSignals();
        var serving = new Serving(door, () => ReadAgain(plan), Fault);
        await using (serving.ConfigureAwait(false))
        {
            using var pooling = new RunPooling(serving, own);
            // Whoever wants the end now does not wait for a database.
            await Task.WhenAny(pooling.LookAsync(plan), signals.End).ConfigureAwait(false);
            var runner = new Runner(Parts(serving.House, served, mux, state, pooling), plan);
            var code = await RunAsync(door, serving, runner, signals).ConfigureAwait(false);
            // The last to go: an instance that drains still asks its database.
            await pooling.StopAsync().ConfigureAwait(false);
            return code;
        }
    }

    private static async Task<int> RunAsync(WeirOptions door, Serving serving, Runner runner, RelayedSignals signals)
    {
        await using (runner.ConfigureAwait(false))
            return await new RunningHouse(door, serving, runner, signals).RunAsync().ConfigureAwait(false);
    }

    private RunPlan? ReadPlan(RunOptions run, out string fault)
    {
        var plan = PlanReader.Read(run, folder, command, own, out fault);
        return plan is not null && run.Split ? PlanSplit.Apply(plan, CommandLine.Say) : plan;
    }

    /// <summary>A machine of a platform's on which no request arrives has nothing to open a door for.</summary>
    private static WeirOptions Door(WeirOptions options, RunPlan plan) => plan.Routed is not null ? options
        : options with { Edge = options.Edge with { Listen = [], ListenTls = [] } };

    private (WeirOptions? Options, IReadOnlyList<SettingFault> Faults) ReadAgain(RunPlan plan)
    {
        var (read, faults) = source.Read();
        return (read is null ? null : Door(read, plan), faults);
    }

    /// <summary>What is wrong with options for this verb; null where nothing is.</summary>
    private static string? Fault(WeirOptions options) => options.Apps.Count(app => app.To.Count == 0) switch
    {
        1 => null,
        0 => "the app has instances that already run (to); leave them out, or say: weir proxy",
        _ => $"which app is the command for, "
            + $"{string.Join(" or ", options.Apps.Where(app => app.To.Count == 0).Select(app => app.Name))}? "
            + "Give the others their instances with to",
    };

    /// <summary>
    /// Takes the folder, and ends what a Weir that was killed here left behind. Null: another Weir runs here, which
    /// has been told.
    /// </summary>
    private async Task<RunState?> OpenStateAsync(RunPlan plan)
    {
        try
        {
            // Two may run in one folder, behind doors of their own; and a platform may put several dynos on one disk.
            var door = string.Join(',', options.Edge.Listen.Concat(options.Edge.ListenTls));
            var state = await RunState.OpenAsync(
                plan.Folder, options.Run.Adopt, $"{door} {own.GetValueOrDefault("DYNO")}").ConfigureAwait(false);
            if (state.Problem.Length > 0)
                CommandLine.Say($"nothing is written down for a Weir after this one: {state.Problem}");
            return state;
        }
        catch (StartException taken)
        {
            CommandLine.Say($"run: {taken.Message}");
            return null;
        }
    }

    private RunnerParts Parts(House house, AppOptions served, OutputMux mux, RunState state, RunPooling pooling)
    {
        // The app's own word, or everybody's.
        bool IsTold() => house.Rooms.Options.Sources.Any(one => one.Name.EndsWith("slots", StringComparison.Ordinal));
        var app = house.Rooms.Apps.First(app => app.Name == served.Name);
        return new RunnerParts
        {
            // A reload holds for what is started after it.
            ReadOptions = () => house.Rooms.Options.Run,
            App = app,
            State = state,
            Hold = port => _ports.TryHold(port, isBound: true),
            ReadPlan = () => ReadPlan(house.Rooms.Options.Run, out var fault)
                ?? throw new StartException(fault, CommandLine.WrongUsage),
            AreSlotsTold = IsTold,
            // What is to be said of the plan is told when it is read for good.
            BeforeRestartAsync = () =>
                PlanReader.Read(house.Rooms.Options.Run, folder, command, own, out _) is { } next
                    ? pooling.LookAsync(next) : Task.CompletedTask,
            Prepare = (plan, type, number) => Prepare(pooling, plan, type, number),
            Listen = (type, instance, pipe) => new InstanceOutput(mux, instance, type.Place, pipe),
            FindSlots = (plan, type) => IsTold() ? new SlotFinding(app.Options.Slots, 1, "", "as told with slots")
                : FoundSlots.Of(type.Line, plan.Folder, plan.Environment),
            Say = (message, instance, detail) => house.Say(message, ("instance", instance), ("detail", detail)),
            WhenFault = fault => house.Rooms.WhenFault?.Invoke(fault),
        };
    }

    /// <exception cref="StartException">No port is free, or what is to be started is not there.</exception>
    private InstanceLaunch Prepare(RunPooling pooling, RunPlan plan, ProcessType type, int number)
    {
        var name = InstanceStart.Name(type, number);
        var (environment, passes) = pooling.Pool.Enter(name, plan.Environment);
        var claims = new Claims(passes);
        try
        {
            return Prepare(plan with { Environment = environment }, type, number, claims);
        }
        catch (StartException)
        {
            claims.Dispose();
            throw;
        }
    }

    private InstanceLaunch Prepare(RunPlan plan, ProcessType type, int number, Claims claims)
    {
        if (type.UsesSocket)
        {
            var path = _sockets.Next(InstanceStart.Name(type, number));
            return new InstanceLaunch(
                Outliving(InstanceStart.Of(plan, type, number, port: 0, path)), 0, path, claims)
            {
                Mark = $"{PortWords.Socket}={path}",
            };
        }

        var hold = _ports.Take(plan, type, number);
        claims.Add(hold);
        return new InstanceLaunch(Outliving(InstanceStart.Of(plan, type, number, hold.Port)), hold.Port, "", claims)
        {
            Mark = string.Create(CultureInfo.InvariantCulture, $"{PortWords.Port}={hold.Port}"),
        };
    }

    /// <summary>
    /// With run.adopt it is to live on when Weir is killed: no guard, and no pipe, whose breaking would end it.
    /// </summary>
    private ProcessStart Outliving(ProcessStart start) =>
        options.Run.Adopt ? start with { OutlivesWeir = true, Pipes = PipeUse.None } : start;

    private void MakeSocketFolder(RunPlan plan)
    {
        if (!plan.Types.Any(type => type.UsesSocket))
            return;
        RuntimeDirectory.Make(RuntimeDirectory.Path());
        _sockets.Sweep();
    }

    /// <summary>Why the front door could not be opened; null where it could.</summary>
    private static string? Taken(IReadOnlyList<string> listen)
    {
        foreach (var address in listen.Where(one => !one.StartsWith("unix:", StringComparison.Ordinal)))
        {
            try
            {
                ListenAddress.Bind(address, out _).Dispose();
            }
            catch (SocketException fault)
            {
                return $"cannot listen on {address}: {fault.Message}; choose another with --port or --listen";
            }
            catch (FormatException fault)
            {
                return fault.Message;
            }
        }

        return null;
    }
}
