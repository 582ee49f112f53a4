namespace Weir.Verbs;

/// <summary><c>weir reload</c>: reads the configuration and certificates anew.</summary>
internal static class ReloadVerb
{
    public static Task<int> RunAsync(
        string? admin, TextWriter output, TextWriter error, CancellationToken cancel = default) =>
        AdminVerb.ActAsync("reload", admin, "/reload",
            "reloaded", output, error, cancel);
}
