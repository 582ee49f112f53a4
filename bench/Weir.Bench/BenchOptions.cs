using System.Globalization;

namespace Weir.Bench;

/// <summary>What the command line asked for; 0 or empty = the scenario's own default, quick or full.</summary>
internal sealed record BenchOptions
{
    private static readonly string[] Scenarios =
    [
        "slow-clients", "websockets", "queueing", "proxy-cpu", "idle-clients", "slow-uploads", "small-memory", "memory",
        "slowhttptest", "startup", "deploys", "found-slots", "pool-connect", "pool-query", "pool-idle", "validation",
        "sim-speed", "sim-real", "cache-hits", "cache-story", "cache-suite", "self-check",
    ];

    public static string Usage =>
        "usage: " + string.Join('|', Scenarios) + "\n" +
        "       [--full] [--runs N] [--seconds S] [--seed N] [--against weir,nginx,haproxy,varnish,pgbouncer,direct] " +
        "[--servers gunicorn,…] [--pin]";

    public string Scenario { get; init; } = "";
    public int Runs { get; init; }
    public int Seconds { get; init; }
    public IReadOnlyList<string> Against { get; init; } = [];
    public IReadOnlyList<string> Servers { get; init; } = [];
    public int Seed { get; init; } = 1;

    /// <summary>The figures that are kept; else about two minutes to see that all works.</summary>
    public bool Full { get; init; }

    /// <summary>A pooler alone on core 0, the rest on core 1: steadier, and farther from what users have.</summary>
    public bool IsPinned { get; init; }

    public int RunsOr(int quick, int full) => Runs > 0 ? Runs : Full ? full : quick;

    public int SecondsOr(int quick, int full) => Seconds > 0 ? Seconds : Full ? full : quick;

    public IReadOnlyList<string> AgainstOr(params string[] all) => Against.Count > 0 ? Against : all;

    public static bool TryParse(string[] args, out BenchOptions options, out string fault)
    {
        options = new BenchOptions { Scenario = args.Length > 0 ? args[0] : "" };
        fault = "";
        if (!Scenarios.Contains(options.Scenario))
        {
            fault = "bench: no such scenario: " + options.Scenario;
            return false;
        }

        for (var i = 1; i < args.Length; i++)
        {
            if (args[i] == "--full")
            {
                options = options with { Full = true };
                continue;
            }

            if (args[i] == "--pin")
            {
                options = options with { IsPinned = true };
                continue;
            }

            if (i + 1 < args.Length && TrySet(ref options, args[i], args[++i])) continue;
            fault = "bench: cannot read " + args[Math.Min(i, args.Length - 1)];
            return false;
        }

        return true;
    }

    private static bool TrySet(ref BenchOptions options, string name, string value)
    {
        var number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
        switch (name)
        {
            case "--runs": options = options with { Runs = number }; return number > 0;
            case "--seconds": options = options with { Seconds = number }; return number > 0;
            case "--seed": options = options with { Seed = number }; return true;
            case "--against": options = options with { Against = value.Split(',') }; return true;
            case "--servers": options = options with { Servers = value.Split(',') }; return true;
            default: return false;
        }
    }
}
