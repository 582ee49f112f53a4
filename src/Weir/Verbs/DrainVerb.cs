namespace Weir.Verbs;

/// <summary>
/// <c>weir drain INSTANCE</c>: no new leases, what runs may finish; then one that Weir started is stopped.
/// </summary>
internal static class DrainVerb
{
    public static Task<int> RunAsync(
        string? admin, string instance, TextWriter output, TextWriter error, CancellationToken cancel = default) =>
        AdminVerb.ActAsync("drain", admin, $"/drain/{Uri.EscapeDataString(instance)}",
            $"{instance} takes no more requests", output, error, cancel, AdminClient.LongActMax);
}
