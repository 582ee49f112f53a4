namespace Weir.Verbs;

/// <summary><c>weir logs</c>: follows a running Weir's log lines until interrupted.</summary>
internal static class LogsVerb
{
    public static Task<int> RunAsync(
        string? admin, TextWriter output, TextWriter error, CancellationToken cancel = default) =>
        AdminVerb.RunAsync("logs", admin, error, async client =>
        {
            await foreach (var (kind, sent) in client.FollowAsync("/logs", cancel).ConfigureAwait(false))
            {
                var isLoss = kind == "dropped";
                var data = sent;
                if (isLoss)
                    data = $"weir logs: {data} lines lost, this reader is too slow";
                await (isLoss ? error : output).WriteLineAsync(data).ConfigureAwait(false);
            }
        });
}
