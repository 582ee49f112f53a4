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
/// <param name="folder">Where Weir was started (<see cref="AppFolder.Started"/>).</param>
/// <param name="command">The words behind "--"; empty: the Procfile says what to start.</param>
/// <param name="own">Weir's own environment.</param>
internal sealed class RunVerb(
    WeirOptions options, string folder, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> own)
{
    private readonly PortBook _ports = PortBook.For(options, CommandLine.Say);
    private readonly SocketPaths _sockets = new(RuntimeDirectory.Path());

    /// <returns>
    /// The exit code: the command's where it was the only instance or never got ready, 128 + signal where Weir was
    /// told to end, 127 where the command was not found.
    /// </returns>
    public async Task<int> RunAsync()
    {
        if (PlanReader.Read(options.Run, folder, command, own, out var fault) is not { } plan)
            return CommandLine.Wrong($"run: {fault}");
        var served = options.Apps.Where(app => app.To.Count == 0).ToList();
        if (served.Count != 1)
        {
            return CommandLine.Wrong(served.Count == 0
                ? "run: the app has instances that already run (to); leave them out, or say: weir proxy"
                : $"run: which app is the command for, {string.Join(" or ", served.Select(app => app.Name))}? "
                    + "Give the others their instances with to");
        }

        // A machine of a platform's on which no request arrives has nothing to open a door for.
        var door = plan.Routed is not null ? options
            : options with { Edge = options.Edge with { Listen = [], ListenTls = [] } };
        // Before anything is started: an app that boots for a minute is not started for nothing.
        if (!InheritedSockets.Any && Taken(door.Edge.Listen) is { } taken)
        {
            CommandLine.Say(taken);
            return CommandLine.Failed;
        }

        MakeSocketFolder(plan);
        using var mux = new OutputMux(StandardOutput.Shared, OutputStyle.For(plan, own));
        using var signals = new RelayedSignals();
        var serving = new Serving(door);
        await using (serving.ConfigureAwait(false))
        {
            var runner = new Runner(Parts(serving.House, served[0], mux), plan);
            await using (runner.ConfigureAwait(false))
                return await new RunningHouse(door, serving, runner, signals).RunAsync().ConfigureAwait(false);
        }
    }

    private RunnerParts Parts(House house, AppOptions served, OutputMux mux)
    {
        // The app's own word, or everybody's.
        var isTold = options.Sources.Any(source => source.Name.EndsWith("slots", StringComparison.Ordinal));
        var told = new SlotFinding(served.Slots, 1, "", "as told with slots");
        return new RunnerParts
        {
            Options = options.Run,
            App = house.Rooms.Apps.First(app => app.Name == served.Name),
            ReadPlan = () => PlanReader.Read(options.Run, folder, command, own, out var fault)
                ?? throw new StartException(fault, CommandLine.WrongUsage),
            Prepare = Prepare,
            Listen = (type, instance, pipe) => new InstanceOutput(mux, instance, type.Place, pipe),
            FindSlots = (plan, type) => isTold ? told
                : SlotFinder.Find(new SlotQuestion(type.Line, plan.Environment, path => ReadFile(plan.Folder, path))),
            Say = (message, instance, detail) => house.Say(message, ("instance", instance), ("detail", detail)),
            WhenFault = fault => house.Rooms.WhenFault?.Invoke(fault),
        };
    }

    /// <exception cref="StartException">No port is free, or what is to be started is not there.</exception>
    private InstanceLaunch Prepare(RunPlan plan, ProcessType type, int number)
    {
        if (type.UsesSocket)
        {
            var path = _sockets.Next(InstanceStart.Name(type, number));
            return new InstanceLaunch(InstanceStart.Of(plan, type, number, port: 0, path), 0, path, null)
            {
                Mark = $"{PortWords.Socket}={path}",
            };
        }

        var hold = _ports.Take(plan, type, number);
        try
        {
            return new InstanceLaunch(InstanceStart.Of(plan, type, number, hold.Port), hold.Port, "", hold)
            {
                Mark = string.Create(CultureInfo.InvariantCulture, $"{PortWords.Port}={hold.Port}"),
            };
        }
        catch (StartException)
        {
            hold.Dispose();
            throw;
        }
    }

    private void MakeSocketFolder(RunPlan plan)
    {
        if (!plan.Types.Any(type => type.UsesSocket))
            return;
        RuntimeDirectory.Make(RuntimeDirectory.Path());
        _sockets.Sweep();
    }

    /// <summary>A file of the app's by its path from its folder; null where it cannot be read.</summary>
    private static string? ReadFile(string folder, string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, path));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
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
