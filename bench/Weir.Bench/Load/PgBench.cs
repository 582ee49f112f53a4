using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Load;

/// <summary>One run of pgbench: select-only, closed loop.</summary>
/// <param name="P50">Microseconds of the middle transaction, where it was asked for; else NaN.</param>
/// <param name="Faults">Clients that were given up, and transactions that failed.</param>
internal readonly partial record struct PgBench(long Transactions, double PerSecond, double P50, long Faults)
{
    private static string Program => Path.Combine(PostgresServer.Programs()!, "pgbench");

    public static string[] ForSeconds(int seconds) => ["-T", Text(seconds)];

    /// <summary>So many of each client.</summary>
    public static string[] ForTransactions(int count) => ["-t", Text(count)];

    /// <summary>Makes the four tables; scale 10 is a million accounts.</summary>
    public static void Fill(PostgresServer server, int scale) => Say(
        "", "-i", "-q", "-s", Text(scale), "-h", "127.0.0.1", "-p", Text(server.Port), "-U", PostgresServer.User,
        PostgresServer.Database);

    /// <param name="cpus">For <c>taskset -c</c>; empty = any.</param>
    /// <param name="to">The server's connection string.</param>
    /// <param name="length">What it ends by: <see cref="ForSeconds"/>, <see cref="ForTransactions"/>.</param>
    /// <param name="more">Further arguments: <c>-C</c>, <c>-M prepared</c>.</param>
    public static PgBench Run(string cpus, string to, int clients, string[] length, bool times, params string[] more)
    {
        var folder = times ? TemporaryFolder.Make() : "";
        try
        {
            string[] log = times ? ["--log", "--log-prefix", Path.Combine(folder, "log")] : [];
            var said = Say(cpus,
            [
                "-n", "-S", "-c", Text(clients), "-j", Text(Math.Min(clients, Environment.ProcessorCount)),
                .. length, .. log, .. more, to,
            ]);
            var count = Count().Match(said);
            if (!count.Success) throw new InvalidOperationException("pgbench said: " + said);
            var failed = Failed().Match(said);
            return new PgBench(
                Number(count), double.Parse(Rate().Match(said).Groups[1].Value, CultureInfo.InvariantCulture),
                times ? Middle(folder) : double.NaN,
                Aborted().Count(said) + (failed.Success ? Number(failed) : 0));
        }
        finally
        {
            if (times) Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// The median of whole microseconds, taken within its own microsecond: with a thousand equal values a plain one
    /// would hide a difference of less than one.
    /// </summary>
    public static double GroupedMedian(SortedDictionary<int, int> counts)
    {
        double half = counts.Values.Sum() / 2.0, below = 0;
        foreach (var (value, count) in counts)
        {
            if (below + count >= half) return value - 0.5 + (half - below) / count;
            below += count;
        }

        return double.NaN;
    }

    private static double Middle(string folder)
    {
        var counts = new SortedDictionary<int, int>();
        foreach (var line in Directory.EnumerateFiles(folder).SelectMany(File.ReadLines))
        {
            // The third word is the transaction's microseconds.
            var words = line.Split(' ');
            var value = int.Parse(words[2], CultureInfo.InvariantCulture);
            counts[value] = counts.GetValueOrDefault(value) + 1;
        }

        return GroupedMedian(counts);
    }

    private static string Say(string cpus, params string[] arguments)
    {
        string[] command = [.. cpus.Length == 0 ? [] : new[] { "taskset", "-c", cpus }, Program, .. arguments];
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return said + errors.Result;
    }

    private static long Number(Match match) => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"transactions actually processed: (\d+)")]
    private static partial Regex Count();

    [GeneratedRegex(@"failed transactions: (\d+)")]
    private static partial Regex Failed();

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"client \d+ (script \d+ )?aborted")]
    private static partial Regex Aborted();
}
