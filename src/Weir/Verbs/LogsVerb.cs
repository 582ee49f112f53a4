using Weir.Config;

namespace Weir.Verbs;

/// <summary>Follows a running Weir's ledger until it is stopped.</summary>
internal static class LogsVerb
{
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(WeirOptions options) =>
        throw new NotImplementedException("weir logs is not built yet");
}
