namespace Weir.Verbs;

/// <summary><c>weir bypass PART on|off</c>: switches a part off (on) while it runs, or on again (off).</summary>
internal static class BypassVerb
{
    public static Task<int> RunAsync(
        string? admin, string part, bool isOn, TextWriter output, TextWriter error,
        CancellationToken cancel = default) =>
        AdminVerb.ActAsync("bypass", admin, $"/bypass/{Uri.EscapeDataString(part)}/{(isOn ? "on" : "off")}",
            $"{part} is {(isOn ? "bypassed" : "in force again")}", output, error, cancel);
}
