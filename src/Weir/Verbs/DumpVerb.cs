using Weir.Config;

namespace Weir.Verbs;

/// <summary>Fetches one redacted file for a post-mortem; null = a name with the time in this folder.</summary>
internal static class DumpVerb
{
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(WeirOptions options, string? file) =>
        throw new NotImplementedException("weir dump is not built yet");
}
