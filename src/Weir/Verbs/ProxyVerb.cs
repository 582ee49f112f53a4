using Weir.Config;

namespace Weir.Verbs;

/// <summary>Stands before servers that already run, until it is told to stop.</summary>
internal static class ProxyVerb
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(WeirOptions options)
    {
        var serving = new Serving(options);
        await using (serving.ConfigureAwait(false))
        {
            if (!await serving.StartAsync().ConfigureAwait(false))
                return CommandLine.Failed;
            var signal = await serving.Stopped.ConfigureAwait(false);
            await serving.StopAsync().ConfigureAwait(false);
            return Serving.ExitCodeOf(signal);
        }
    }
}
