using System.Diagnostics;
using System.Globalization;
using Weir.Config;
using Weir.Core.Routing;
using Weir.Processes;
using Weir.Routing;

namespace Weir.Verbs;

// The life of `weir run -- COMMAND`:
//  1. The command runs and binds its port within app.boot-timeout. Until then the front door is closed.
//  2. The front door serves.
//  3. Told to end, the front door drains within four fifths of shutdown.deadline; then the command's group is asked
//     to end, and what is left at the deadline is killed. Told again, all of this is cut short.
//  4. Or the command ends by itself: what waits is answered 503, and the door closes.

/// <summary>One command behind a front door, from its start to the exit code.</summary>
internal sealed class RunningCommand(WeirOptions options, AppOptions app, Child child, RelayedSignals signals)
{
    /// <summary>For answers that are ready, once nothing more can come from the command.</summary>
    private static readonly TimeSpan FarewellMax = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan KillGrace = TimeSpan.FromSeconds(2);

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(int port)
    {
        using var hurry = new CancellationTokenSource();
        _ = signals.End.ContinueWith(_ => hurry.Cancel(), TaskScheduler.Default);
        var address = await BootProbe.BoundAsync(port, child.Ended, app.BootTimeout, hurry.Token).ConfigureAwait(false);
        if (address is null)
            return await EndBootAsync(port).ConfigureAwait(false);

        var serving = new Serving(Behind(address));
        await using (serving.ConfigureAwait(false))
        {
            if (!await serving.StartAsync().ConfigureAwait(false))
            {
                await child.StopAsync(KillGrace).ConfigureAwait(false);
                return CommandLine.Failed;
            }

            TellAssumption();
            await Task.WhenAny(child.Ended, signals.End).ConfigureAwait(false);
            return child.Ended.IsCompleted ? await FarewellAsync(serving).ConfigureAwait(false)
                : await DrainAsync(serving).ConfigureAwait(false);
        }
    }

    /// <summary>The options with the instance that the command became.</summary>
    private WeirOptions Behind(string address)
    {
        var slots = app.Slots == 0 ? "async" : app.Slots.ToString(CultureInfo.InvariantCulture);
        var behind = app with { To = [$"{address}={slots}"] };
        return options with { Apps = [.. options.Apps.Select(one => one == app ? behind : one)] };
    }

    private void TellAssumption()
    {
        if (options.Quiet || app.Slots != 1 || options.Sources.Any(source => source.Name.EndsWith("slots")))
            return;
        CommandLine.Say($">>> ASSUMED 1 SLOT: one request at a time. If {child.Name} has 4 workers, say --slots 4 "
            + "(--slots async: no workers) <<<");
    }

    private async Task<int> EndBootAsync(int port)
    {
        if (child.Ended.IsCompleted)
        {
            var code = await child.Ended.ConfigureAwait(false);
            CommandLine.Say($"run: {child.Name} ended with code {code} before it listened on PORT={port}; "
                + "see what it said above");
            await child.StopAsync(KillGrace).ConfigureAwait(false);
            return code == 0 ? CommandLine.Failed : code;
        }

        if (signals.End.IsCompleted)
        {
            await child.StopAsync(options.ShutdownDeadline - TimeSpan.FromSeconds(1)).ConfigureAwait(false);
            return await CodeAsync().ConfigureAwait(false);
        }

        CommandLine.Say($"run: {child.Name} did not listen on PORT={port} of 127.0.0.1 within "
            + $"{app.BootTimeout.TotalSeconds:0.###} s; does it read $PORT? A slow start needs --app-boot-timeout");
        await child.StopAsync(KillGrace).ConfigureAwait(false);
        return CommandLine.Failed;
    }

    /// <summary>The command has ended by itself.</summary>
    private async Task<int> FarewellAsync(Serving serving)
    {
        var code = await child.Ended.ConfigureAwait(false);
        CommandLine.Say($"{child.Name} ended with code {code}; what waits is answered 503");
        await CloseAsync(serving).ConfigureAwait(false);
        await child.StopAsync(KillGrace).ConfigureAwait(false);
        return code;
    }

    private async Task<int> DrainAsync(Serving serving)
    {
        var since = Stopwatch.GetTimestamp();
        var drained = serving.StopAsync(options.ShutdownDeadline * 0.8);
        await Task.WhenAny(drained, child.Ended, signals.Again).ConfigureAwait(false);
        if (!drained.IsCompleted && child.Ended.IsCompleted)
            await CloseAsync(serving).ConfigureAwait(false);
        var left = options.ShutdownDeadline - Stopwatch.GetElapsedTime(since) - TimeSpan.FromSeconds(0.5);
        // Asked twice, the command still gets a moment to tidy up.
        var grace = signals.Again.IsCompleted ? KillGrace : left;
        await Task.WhenAny(child.StopAsync(grace), AgainAsync()).ConfigureAwait(false);
        return await CodeAsync().ConfigureAwait(false);
    }

    /// <summary>Two seconds after the end was asked for once more.</summary>
    private async Task AgainAsync()
    {
        await signals.Again.ConfigureAwait(false);
        await Task.Delay(KillGrace).ConfigureAwait(false);
    }

    /// <summary>No instance is left: the queue is answered, and the door closes.</summary>
    private async Task CloseAsync(Serving serving)
    {
        foreach (var one in serving.House.Rooms.Apps.Where(one => one.Name == app.Name))
        {
            one.Step(new RoutingEvent { Kind = RoutingEventKind.InstanceDown, Instance = 0 });
            // Without an instance a queue still waits for one to return, and here none will.
            one.Configure(routing => routing with { QueueWaitMax = 1 });
        }

        await serving.StopAsync(FarewellMax).ConfigureAwait(false);
    }

    private async Task<int> CodeAsync()
    {
        child.Kill();
        await Task.WhenAny(child.Ended, Task.Delay(TimeSpan.FromSeconds(1))).ConfigureAwait(false);
        return child.Ended.IsCompleted ? await child.Ended.ConfigureAwait(false) : CommandLine.Failed;
    }
}
