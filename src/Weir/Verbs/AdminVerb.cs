namespace Weir.Verbs;

/// <summary>
/// What the verbs that speak to a running Weir share: finding it, and saying in one line what went wrong.
/// </summary>
internal static class AdminVerb
{
    /// <summary>Runs a verb's body; 0 where it was done, 1 where it failed.</summary>
    public static async Task<int> RunAsync(
        string verb, string? admin, TextWriter error, Func<AdminClient, Task> body, string? directory = null)
    {
        try
        {
            using var client = AdminClient.Open(admin, directory);
            await body(client).ConfigureAwait(false);
            return 0;
        }
        catch (Exception fault) when (fault is AdminException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"weir {verb}: {fault.Message}").ConfigureAwait(false);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }

    /// <summary>An act: one POST, and one line when it is done.</summary>
    public static Task<int> ActAsync(
        string verb, string? admin, string path, string done, TextWriter output, TextWriter error,
        CancellationToken cancel, TimeSpan? max = null) =>
        RunAsync(verb, admin, error, async client =>
        {
            var note = await client.PostAsync(path, max, cancel).ConfigureAwait(false);
            await output.WriteLineAsync(note is null ? done : $"{done}; {note}").ConfigureAwait(false);
        });
}
