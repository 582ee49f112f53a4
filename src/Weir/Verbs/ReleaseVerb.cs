using Weir.Processes;

namespace Weir.Verbs;

/// <summary>
/// Runs the Procfile's release line (migrations and the like) once, as an instance would run, without PORT.
/// </summary>
internal static class ReleaseVerb
{
    /// <summary>For a release that was told to end: a migration that is cut may leave a half-made table.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(25);

    /// <returns>The exit code: the line's own, 128 + signal where one ended it, 127 where it was not found.</returns>
    public static async Task<int> RunAsync(VerbCall call)
    {
        var own = OptionsLoader.Variables();
        var folder = AppFolder.Started(own);
        if (OptionsLoader.Load(OptionsSource.OfRun(call, folder)) is not { } options)
            return CommandLine.WrongUsage;
        if (PlanReader.ReadRelease(options.Run, folder, own, out var fault) is not { } plan)
            return CommandLine.Wrong($"release: {fault}");
        using var signals = new RelayedSignals();
        try
        {
            // Its output is the verb's own, and so is what a person types.
            var start = InstanceStart.Of(plan, plan.Types[0], 1, port: 0) with
            {
                Pipes = PipeUse.None,
                HasNoInput = false,
            };
            using var child = Child.Start(start);
            signals.PassTo(child.Signal);
            await Task.WhenAny(child.Ended, signals.End).ConfigureAwait(false);
            if (!child.Ended.IsCompleted)
                await Task.WhenAny(child.StopAsync(Grace), signals.Again).ConfigureAwait(false);
            child.Kill();
            return await child.Ended.ConfigureAwait(false);
        }
        catch (StartException exception)
        {
            CommandLine.Say($"release: {exception.Message}");
            return exception.ExitCode;
        }
    }
}
