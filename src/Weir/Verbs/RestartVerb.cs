namespace Weir.Verbs;

/// <summary><c>weir restart</c>: a new set of instances, ready before the old one drains.</summary>
internal static class RestartVerb
{
    public static Task<int> RunAsync(
        string? admin, TextWriter output, TextWriter error, CancellationToken cancel = default) =>
        AdminVerb.ActAsync("restart", admin, "/restart",
            "restarted: the new set serves, the old one is gone", output, error, cancel, AdminClient.LongActMax);
}
