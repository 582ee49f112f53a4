using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Weir.Bench.Load;

/// <summary>One run of wrk: closed loop over kept-alive connections.</summary>
/// <param name="Faults">Socket errors, time-outs and answers that were not 2xx or 3xx.</param>
internal readonly partial record struct Wrk(long Requests, double PerSecond, long Faults)
{
    public static Wrk Run(string cpus, int connections, int seconds, int port, string path)
    {
        var start = new ProcessStartInfo("taskset")
        {
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "-c", cpus, "wrk", "-t", "1", "-c", Text(connections), "-d", Text(seconds) + "s",
                "http://127.0.0.1:" + Text(port) + path,
            },
        };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        long faults = 0;
        if (Bad().Match(said) is { Success: true } bad) faults += Number(bad.Groups[1]);
        if (Errors().Match(said) is { Success: true } errors)
            faults += errors.Groups.Values.Skip(1).Sum(Number);
        var requests = Count().Match(said);
        if (!requests.Success) throw new InvalidOperationException("wrk said: " + said);
        return new Wrk(
            Number(requests.Groups[1]),
            double.Parse(Rate().Match(said).Groups[1].Value, CultureInfo.InvariantCulture),
            faults);
    }

    private static long Number(Group group) => long.Parse(group.Value, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Count();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex Bad();

    [GeneratedRegex(@"connect (\d+), read (\d+), write (\d+), timeout (\d+)")]
    private static partial Regex Errors();
}
