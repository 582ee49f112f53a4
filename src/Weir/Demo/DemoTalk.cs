namespace Weir.Demo;

/// <summary>What a demo says before and after.</summary>
internal static class DemoTalk
{
    public static string Beginning(string app, int slots)
    {
        var workers = slots switch { 0 => "no workers", 1 => "1 worker", _ => $"{slots} workers" };
        return $"""
            {app} with {workers}, started twice: direct, and behind Weir.
            To each come {OrdinaryClients.PerSecond} ordinary requests/s, beside {DemoLoad.SlowEach} slow uploaders
            and {DemoLoad.SlowEach} slow readers at {SlowPace.BytesPerSecond / 1024} KiB/s.
            A wait counts from the moment for which its request was planned.

            """;
    }

    /// <summary>The one sentence that matters.</summary>
    public static string Sentence(DemoFigures figures) =>
        $"others' p95: {figures.Direct.P95} → {figures.Through.P95}";

    public static string ReceiptLine(string? receipt) => receipt is null
        ? "no slow upload ended in this time; a longer demo shows one's receipt"
        : "a slow upload's receipt: " + receipt;
}
