using System.Globalization;
using System.Text.Json;
using Weir.Config;
using Weir.Demo;
using Weir.Processes;

namespace Weir.Verbs;

/// <summary>Shows an app direct and through Weir side by side; 0 seconds = until stopped.</summary>
internal static class DemoVerb
{
    private const int SigInterrupt = 2;

    /// <returns>The exit code: 0 also where Ctrl-C ended it after the first figures.</returns>
    public static async Task<int> RunAsync(WeirOptions options, IReadOnlyList<string> command, int seconds)
    {
        using var signals = new RelayedSignals();
        try
        {
            var figures = await ShowAsync(options, command, seconds, signals.End).ConfigureAwait(false);
            if (!signals.End.IsCompleted)
                return figures is null ? CommandLine.Failed : 0;
            var signal = await signals.End.ConfigureAwait(false);
            return signal == SigInterrupt && figures is not null ? 0 : 128 + signal;
        }
        catch (StartException exception)
        {
            CommandLine.Say($"demo: {exception.Message}");
            return exception.ExitCode;
        }
    }

    /// <returns>The last figures; null where there were none.</returns>
    private static async Task<DemoFigures?> ShowAsync(
        WeirOptions options, IReadOnlyList<string> command, int seconds, Task<int> stop)
    {
        var isSample = command.Count == 0;
        var slots = isSample ? SampleApp.Workers : options.Apps[0].Slots;
        var count = slots == 0 ? "async" : slots.ToString(CultureInfo.InvariantCulture);
        if (!isSample && options.Sources.All(source => source.Name != "slots"))
            CommandLine.Say("demo: assumed 1 slot; if the command has 4 workers, say --slots 4");
        using var ended = new CancellationTokenSource();
        _ = stop.ContinueWith(_ => ended.Cancel(), TaskScheduler.Default);

        using var direct = new DemoApp(command);
        using var behind = new DemoApp(command);
        var addresses = await Task.WhenAll(direct.BoundAsync(ended.Token), behind.BoundAsync(ended.Token))
            .ConfigureAwait(false);
        if (ended.IsCancellationRequested)
            return null;
        Console.Out.WriteLine(DemoTalk.Beginning(isSample ? "A sample app" : Path.GetFileName(command[0]), slots));

        using var house = new DemoHouse(options, $"{addresses[1]}={count}");
        var words = OwnProgram.Words(DemoLoad.Words(addresses[0], house.Address, seconds, isSample));
        DemoFigures? last = null;
        using (var load = Child.Start(
            new ProcessStart(words, ChildEnvironment.WithPort(0)) { Pipes = PipeUse.Output }))
        {
            var output = new OutputTail(load.Pipe!, line => Volatile.Write(ref last, Read(line)));
            var end = Task.WhenAny(output.End, stop, direct.Ended, behind.Ended);
            await DemoBoard.ShowAsync(() => Volatile.Read(ref last), end).ConfigureAwait(false);
        }

        if (Volatile.Read(ref last) is not { } figures)
            throw new StartException("the clients of the demo gave no figures", CommandLine.Failed);
        // One of the two is enough: a half demo shows nothing.
        if (direct.Ended.IsCompleted || behind.Ended.IsCompleted)
        {
            var said = await (direct.Ended.IsCompleted ? direct : behind).SaidAsync().ConfigureAwait(false);
            throw new StartException($"the app ended; it said: {said}", CommandLine.Failed);
        }

        await house.StopAsync().ConfigureAwait(false);
        Console.Out.WriteLine(DemoTalk.ReceiptLine(house.LastReceipt()));
        Console.Out.WriteLine(DemoTalk.Sentence(figures));
        await Task.WhenAll(direct.StopAsync(), behind.StopAsync()).ConfigureAwait(false);
        return figures;
    }

    private static DemoFigures? Read(string line) =>
        JsonSerializer.Deserialize(line, DemoJson.Default.DemoFigures);
}
