using Weir.Config;

namespace Weir.Verbs;

/// <summary>Shows an app direct and through Weir side by side; 0 seconds = until stopped.</summary>
internal static class DemoVerb
{
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(WeirOptions options, IReadOnlyList<string> command, int seconds) =>
        throw new NotImplementedException("weir demo is not built yet");
}
