namespace Weir.Verbs;

/// <summary><c>weir resume</c>: lets what was held go on.</summary>
internal static class ResumeVerb
{
    public static Task<int> RunAsync(
        string? admin, TextWriter output, TextWriter error, CancellationToken cancel = default) =>
        AdminVerb.ActAsync("resume", admin, "/resume",
            "resumed", output, error, cancel);
}
