using Weir.Config;

namespace Weir.Verbs;

/// <summary>Stands before servers that already run, until it is told to stop.</summary>
internal static class ProxyVerb
{
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(WeirOptions options) =>
        throw new NotImplementedException("weir proxy is not built yet");
}
