using Weir.Config;

namespace Weir.Verbs;

/// <summary>Stands before servers that already run, until it is told to stop.</summary>
internal static class ProxyVerb
{
    /// <summary>What is wrong with these options for a proxy; null where nothing is.</summary>
    public static string? Fault(WeirOptions options) =>
        options.Apps.FirstOrDefault(app => app.To.Count == 0) is { } app ? $"{app.Name} has no instances" : null;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(WeirOptions options, OptionsSource source)
    {
        var serving = new Serving(options, source.Read, Fault);
        await using (serving.ConfigureAwait(false))
        {
            serving.ReloadOnHangUp();
            if (!await serving.StartAsync().ConfigureAwait(false))
                return CommandLine.Failed;
            var signal = await serving.Stopped.ConfigureAwait(false);
            await serving.StopAsync().ConfigureAwait(false);
            return Serving.ExitCodeOf(signal);
        }
    }
}
