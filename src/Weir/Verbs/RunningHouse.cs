using System.Diagnostics;
using Weir.Config;
using Weir.Core.Processes;
using Weir.Processes;

namespace Weir.Verbs;

// The life of `weir run`:
//  1. Everything is started. Until the first routed instance is ready the front door is closed.
//  2. The front door serves. What crashes is started again, and its requests wait.
//  3. Told to end, the types without requests are stopped at once, the front door drains within four fifths of
//     shutdown.deadline, then the rest is stopped, and what is left at the deadline is killed. Told again, all of this
//     is cut short.
// An instance that ends before any was ready ends Weir: nothing would be gained by trying again.

/// <summary>What Weir runs behind its front door, from the start to the exit code.</summary>
internal sealed class RunningHouse(WeirOptions options, Serving serving, Runner runner, RelayedSignals signals)
{
    /// <summary>For answers that are ready, once nothing more can come from the app.</summary>
    private static readonly TimeSpan FarewellMax = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan KillGrace = TimeSpan.FromSeconds(2);

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync()
    {
        serving.Show(runner);
        signals.PassTo(Relay);
        await runner.TakeOverAsync().ConfigureAwait(false);
        runner.Start();
        await Task.WhenAny(runner.FirstReady, runner.Failed, signals.End).ConfigureAwait(false);
        if (runner.Failed.IsCompleted)
            return await FailAsync().ConfigureAwait(false);
        if (signals.End.IsCompleted)
        {
            await runner.StopAsync(options.ShutdownDeadline - TimeSpan.FromSeconds(1)).ConfigureAwait(false);
            return await CodeAsync().ConfigureAwait(false);
        }

        if (!await serving.StartAsync().ConfigureAwait(false))
        {
            await runner.StopAsync(KillGrace).ConfigureAwait(false);
            return CommandLine.Failed;
        }

        TellSlots();
        await Task.WhenAny(runner.Failed, signals.End).ConfigureAwait(false);
        return signals.End.IsCompleted ? await DrainAsync().ConfigureAwait(false)
            : await FailAsync().ConfigureAwait(false);
    }

    /// <summary>A hang-up is a reload, as for a server; all others go to the app's.</summary>
    private void Relay(int number)
    {
        if (number != PosixCalls.SigHangUp)
            runner.Signal(number);
        else if (serving.IsServing && serving.Reloading?.Reload() is { Error: { } problem })
            CommandLine.Say($"reload: {problem}");
    }

    private void TellSlots()
    {
        if (options.Quiet)
            return;
        if (runner.Facts.FirstOrDefault(one => one.Routed is not null) is not { } web)
            return;
        var found = web.Slots;
        if (found.IsAssumed)
        {
            var doubt = found.Doubt.Length > 0 ? $" ({found.Doubt})" : "";
            CommandLine.Say($">>> ASSUMED 1 SLOT: one request at a time{doubt}. If {web.Type} has 4 workers, "
                + "say --slots 4 (--slots async: no workers) <<<");
            return;
        }

        var slots = found.IsAsync ? "no slots, it is async" : found.Slots == 1 ? "1 slot" : $"{found.Slots} slots";
        CommandLine.Say($"{web.Type}: {slots} an instance ({found.Evidence})");
        if (found.Doubt.Length > 0)
            CommandLine.Say($"{web.Type}: {found.Doubt}; what it truly has, say with --slots");
        if (found.Workers > 1 && !found.IsAsync)
            TellSplit(web);
    }

    /// <summary>What exact slots would cost.</summary>
    private static void TellSplit(InstanceFacts web)
    {
        var figures = TreeFigures.Read(ProcessTable.Read(), web.Pid);
        var one = figures.ResidentBytes / Math.Max(1, figures.Processes);
        var cost = SlotSplit.Cost(web.Slots.Workers, figures.ProportionalBytes, one, MemoryLeft.Bytes());
        CommandLine.Say($"{web.Type}: its {web.Slots.Workers} workers share one listener, so a request may meet a busy "
            + $"one while another idles; with --split, {cost}");
    }

    private async Task<int> FailAsync()
    {
        var failure = await runner.Failed.ConfigureAwait(false);
        CommandLine.Say($"run: {failure.Sentence}");
        await runner.StopAsync(KillGrace).ConfigureAwait(false);
        return failure.ExitCode;
    }

    private async Task<int> DrainAsync()
    {
        var since = Stopwatch.GetTimestamp();
        runner.BeginShutdown(options.ShutdownDeadline - TimeSpan.FromSeconds(1));
        var drained = serving.StopAsync(options.ShutdownDeadline * 0.8);
        await Task.WhenAny(drained, runner.RoutedGone, signals.Again).ConfigureAwait(false);
        if (!drained.IsCompleted && runner.RoutedGone.IsCompleted)
            await CloseAsync().ConfigureAwait(false);
        var left = options.ShutdownDeadline - Stopwatch.GetElapsedTime(since) - TimeSpan.FromSeconds(0.5);
        // Asked twice, the app still gets a moment to tidy up.
        var grace = signals.Again.IsCompleted ? KillGrace : left;
        await Task.WhenAny(runner.StopAsync(grace), AgainAsync()).ConfigureAwait(false);
        return await CodeAsync().ConfigureAwait(false);
    }

    /// <summary>Two seconds after the end was asked for once more.</summary>
    private async Task AgainAsync()
    {
        await signals.Again.ConfigureAwait(false);
        await Task.Delay(KillGrace).ConfigureAwait(false);
    }

    /// <summary>No instance is left: the queue is answered, and the door closes.</summary>
    private async Task CloseAsync()
    {
        foreach (var app in serving.House.Rooms.Apps.Where(app => app.Options.To.Count == 0))
        {
            // Without an instance a queue still waits for one to return, and here none will.
            app.Configure(routing => routing with { QueueWaitMax = 1 });
        }

        await serving.StopAsync(FarewellMax).ConfigureAwait(false);
    }

    /// <summary>As a shell has it: the only process's own code, or the signal's.</summary>
    private async Task<int> CodeAsync() =>
        runner.OnlyCode ?? 128 + await signals.End.ConfigureAwait(false);
}
