using System.Globalization;
using System.Net.Sockets;
using Weir.Config;
using Weir.Core.Processes;
using Weir.Edge;
using Weir.Processes;
using Weir.Routing;

namespace Weir.Verbs;

/// <summary>Starts what is to run, stands before it, and keeps it running.</summary>
internal static class RunVerb
{
    /// <returns>
    /// The exit code: the command's where it was the only instance or never got ready, 128 + signal where Weir was
    /// told to end, 127 where the command was not found.
    /// </returns>
    public static async Task<int> RunAsync(WeirOptions options, IReadOnlyList<string> command)
    {
        var served = options.Apps.Where(app => app.To.Count == 0).ToList();
        if (served.Count != 1)
        {
            return CommandLine.Wrong(served.Count == 0
                ? "run: the app has instances that already run (to); leave them out, or say: weir proxy"
                : $"run: which app is the command for, {string.Join(" or ", served.Select(app => app.Name))}? "
                    + "Give the others their instances with to");
        }

        // Before anything is started: an app that boots for a minute is not started for nothing.
        if (Taken(options.Edge.Listen) is { } taken)
        {
            CommandLine.Say(taken);
            return CommandLine.Failed;
        }

        using var signals = new RelayedSignals();
        var serving = new Serving(options);
        await using (serving.ConfigureAwait(false))
        {
            var runner = new Runner(Parts(options, serving.House, served[0], command), CommandLaunch.Plan(command));
            await using (runner.ConfigureAwait(false))
                return await new RunningHouse(options, serving, runner, signals).RunAsync().ConfigureAwait(false);
        }
    }

    private static RunnerParts Parts(WeirOptions options, House house, AppOptions served, IReadOnlyList<string> command)
    {
        // The app's own word, or everybody's.
        var isTold = options.Sources.Any(source => source.Name.EndsWith("slots", StringComparison.Ordinal));
        var told = new SlotFinding(served.Slots, 1, "", "as told with slots");
        return new RunnerParts
        {
            Options = options.Run,
            App = house.Rooms.Apps.First(app => app.Name == served.Name),
            ReadPlan = () => CommandLaunch.Plan(command),
            Prepare = CommandLaunch.Prepare,
            Listen = (_, pipe) => new OutputTail(pipe, Console.Out.WriteLine),
            FindSlots = (plan, type) => isTold ? told
                : SlotFinder.Find(new SlotQuestion(type.Line, plan.Environment, path => ReadFile(plan.Folder, path))),
            Say = (message, instance, detail) => house.Say(message, ("instance", instance), ("detail", detail)),
            WhenFault = fault => house.Rooms.WhenFault?.Invoke(fault),
        };
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
                return string.Create(CultureInfo.InvariantCulture,
                    $"cannot listen on {address}: {fault.Message}; choose another with --port or --listen");
            }
            catch (FormatException fault)
            {
                return fault.Message;
            }
        }

        return null;
    }
}
