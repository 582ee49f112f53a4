using Weir.Control;

namespace Weir.Verbs;

/// <summary><c>weir dump</c>: writes one redacted file for a post-mortem into the current directory.</summary>
internal static class DumpVerb
{
    public static Task<int> RunAsync(
        string? admin, string directory, TextWriter output, TextWriter error, CancellationToken cancel = default) =>
        AdminVerb.RunAsync("dump", admin, error, async client =>
        {
            var dump = await client.GetAsync("/dump", cancel).ConfigureAwait(false);
            var path = DumpWriter.WriteFile(directory, DateTimeOffset.UtcNow, dump);
            await output.WriteLineAsync(path).ConfigureAwait(false);
        });
}
