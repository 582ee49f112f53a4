namespace Weir.Verbs;

/// <summary><c>weir purge URL</c>, <c>--prefix</c>, <c>--tag</c>, <c>--host</c> or <c>--all</c>.</summary>
internal static class PurgeVerb
{
    public static Task<int> RunAsync(VerbCall call, string? admin, string scope, string text)
    {
        var kind = call.Take("hard") is null ? "soft" : "hard";
        var isDry = call.Take("dry-run") is not null;
        var query = $"/purge/{scope}/{kind}?text={Uri.EscapeDataString(text)}{(isDry ? "&dry=1" : "")}";
        var what = scope == "all" ? "all" : $"{scope} {text}";
        var done = isDry ? $"would purge {what}" : $"purged {what} ({kind})";
        return AdminVerb.ActAsync("purge", admin, query, done, Console.Out, Console.Error, CancellationToken.None);
    }
}
