using Weir.Config;

namespace Weir.Verbs;

/// <summary>Switches a part of a running Weir off or on again: all, buffering, slots, gate.</summary>
internal static class BypassVerb
{
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(WeirOptions options, string part, bool on) =>
        throw new NotImplementedException("weir bypass is not built yet");
}
