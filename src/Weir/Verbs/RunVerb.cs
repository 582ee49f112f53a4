using Weir.Config;

namespace Weir.Verbs;

/// <summary>Starts a command with PORT set, stands before it, and ends with its exit code.</summary>
internal static class RunVerb
{
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(WeirOptions options, IReadOnlyList<string> command) =>
        throw new NotImplementedException("weir run is not built yet");
}
