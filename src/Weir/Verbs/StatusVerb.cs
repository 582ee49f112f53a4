using Weir.Config;

namespace Weir.Verbs;

/// <summary>Asks a running Weir's admin door for one look.</summary>
internal static class StatusVerb
{
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(WeirOptions options, bool json) =>
        throw new NotImplementedException("weir status is not built yet");
}
