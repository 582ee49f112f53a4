namespace Weir.Verbs;

/// <summary><c>weir scale web=4</c>: so many instances of these process types.</summary>
internal static class ScaleVerb
{
    public static Task<int> RunAsync(
        string? admin, string counts, TextWriter output, TextWriter error, CancellationToken cancel = default) =>
        AdminVerb.ActAsync("scale", admin, $"/scale/{Uri.EscapeDataString(counts)}",
            $"scaled: {counts}", output, error, cancel, AdminClient.LongActMax);
}
