using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Figures;

/// <summary>What the figures were measured on: no names of hosts or users, no paths.</summary>
internal static partial class Machine
{
    public static string Describe(IEnumerable<string> programs)
    {
        var processor = File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?
            .Split(':')[1].Trim() ?? "unknown";
        var kernel = Version().Match(File.ReadAllText("/proc/sys/kernel/osrelease")).Value;
        var versions = programs.Distinct().Order().Select(VersionOf).Where(v => v.Length > 0);
        return string.Create(CultureInfo.InvariantCulture,
            $"Processor: {processor}, {Environment.ProcessorCount} cores · kernel {kernel} · .NET " +
            $"{Environment.Version} · " +
            $"{string.Join(" · ", versions)} · {DateTime.UtcNow:yyyy-MM-dd}");
    }

    /// <summary>Runs a short command and returns both its outputs, or nothing where there is no such program.</summary>
    public static string Capture(params string[] command)
    {
        try
        {
            var start = new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return text + errors.Result;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "";
        }
    }

    private static string VersionOf(string program)
    {
        var said = program switch
        {
            "nginx" or "unicorn" or "haproxy" or "wrk" => Capture(program, "-v"),
            "gunicorn" or "puma" => Capture(program, "--version"),
            "varnish" => Capture("varnishd", "-V"),
            "django" => Capture("dpkg-query", "-W", "-f", "${source:Upstream-Version}", "python3-django"),
            "node" => Capture(program, "--version"),
            "waitress" => Capture("dpkg-query", "-W", "-f", "${Version}", "python3-waitress"),
            "weir" => WeirVersion(),
            "pgbouncer" => Capture(program, "--version"),
            "postgres" => Capture(Path.Combine(PostgresServer.Programs() ?? "", program), "--version"),
            "slowhttptest" => Capture("slowhttptest", "-h"),
            _ => "",
        };
        var found = Version().Match(said);
        return found.Success ? program + " " + found.Value : "";
    }

    private static string WeirVersion()
    {
        try
        {
            return Capture([.. Checkout.Weir, "--version"]);
        }
        catch (FileNotFoundException)
        {
            return "";
        }
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)*")]
    private static partial Regex Version();
}
