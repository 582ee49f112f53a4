namespace Weir.Verbs;

/// <summary><c>weir pause</c>: holds everything in the queue.</summary>
internal static class PauseVerb
{
    public static Task<int> RunAsync(
        string? admin, TextWriter output, TextWriter error, CancellationToken cancel = default) =>
        AdminVerb.ActAsync("pause", admin, "/pause",
            "paused: what comes is held in the queue; `weir resume` lets it go", output, error, cancel);
}
