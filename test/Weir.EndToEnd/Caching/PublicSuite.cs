using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Caching;

/// <summary>
/// The public suite for HTTP caches (npm's http-cache-tests): its origin server, a cache before it, and its client, all
/// on loopback ports of our own choice.
/// </summary>
internal static class PublicSuite
{
    // It takes some 20 s, most of it pauses until something has become stale.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(20);

    // The suite asks surrogates for Surrogate-Control, which Weir reads where it is listed; it is not by default, since
    // who purges what that field makes fresh purges another cache.
    private static readonly string[] s_surrogate =
        ["--cache-fields", "weir-cache-control,cdn-cache-control,surrogate-control"];

    /// <param name="package">The package's folder.</param>
    /// <param name="door">A name of <see cref="CacheDoor"/>.</param>
    /// <param name="ids">The tests wanted; none = all.</param>
    public static SuiteReport Run(string package, string door, params string[] ids)
    {
        var port = FreePort.Next();
        using var origin = ChildProcess.Start(["node", Script("origin.mjs"), package, Text(port)]);
        origin.WaitForPort(port, ReadyWithin);
        using var cache = CacheDoor.Start(door, new CacheSetup
        {
            To = port,
            Validates = true,
            Arguments = s_surrogate,
        });
        var folder = TemporaryFolder.Make();
        try
        {
            var results = Path.Combine(folder, "results");
            // In the safe profile Weir looks nothing up before it has seen that the app shares answers at all.
            Ask(package, cache, results, "freshness-max-age");
            Ask(package, cache, results, ids);
            return new SuiteReport(File.ReadLines(results));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Ask(string package, CacheDoor cache, string results, params string[] ids)
    {
        // Into a file: of a child's output only the last lines are kept.
        using var client = ChildProcess.Start(
        [
            "sh", "-c", "out=$1; shift; exec \"$@\" > \"$out\"", "sh", results,
            "node", "--no-warnings", Script("client.mjs"), package, cache.Address, .. ids,
        ]);
        if (!client.WaitForExit(Limit))
            throw new TimeoutException($"the suite did not end in {Limit.TotalSeconds} s:\n{client.Output}");
        if (client.ExitCode != 0) throw new InvalidOperationException("the suite failed:\n" + client.Output);
    }

    private static string Script(string name) =>
        Path.Combine(Checkout.Root, "test", "Weir.EndToEnd", "Caching", "PublicSuite", name);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
