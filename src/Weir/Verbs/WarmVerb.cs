namespace Weir.Verbs;

/// <summary><c>weir warm</c>, or <c>weir warm APP</c>; <c>--dry-run</c> shows the cost only.</summary>
internal static class WarmVerb
{
    public static Task<int> RunAsync(VerbCall call, string? admin)
    {
        var isDry = call.Take("dry-run") is not null;
        var app = call.Words.Count > 0 ? "/" + Uri.EscapeDataString(call.Words[0]) : "";
        return AdminVerb.ActAsync(
            "warm", admin, $"/warm{app}{(isDry ? "?dry=1" : "")}", isDry ? "would warm" : "warming",
            Console.Out, Console.Error, CancellationToken.None);
    }
}
