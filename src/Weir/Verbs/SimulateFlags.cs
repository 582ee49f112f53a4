using Weir.Config;
using Weir.Core.Routing;

namespace Weir.Verbs;

/// <summary>The flags of <c>weir simulate</c> that say what is run and how it is told.</summary>
internal sealed record SimulateFlags
{
    public static IReadOnlyList<(string Name, string Does)> All { get; } =
    [
        ("policy=", "central, least-connections, power-of-two, round-robin, random; several with commas, or all "
            + "[central]"),
        ("what-if=", "The same changed: workers=4,rate=x1.5,queue.max-wait=2s; several with ';'"),
        ("replay=", "A recording of weir run or weir proxy --record: goes on from it"),
        ("app=", "Which app of the recording [the first]"),
        ("log=", "An access log (Heroku router, nginx with $request_time, Weir): its traffic, or its service times"),
        ("scenario=", "A ready world with published figures: rap-genius, timelike, unicorn-backlog, eight-by-two, "
            + "fleet"),
        ("tune=", "The cheapest that holds: \"p95 wait < 50ms, loss < 0.1%\""),
        ("check", "The fault test: one seed, or several, of worlds in which everything goes wrong"),
        .. SimulateWorld.Flags,
        ("seed=", "The first seed [1]"),
        ("seeds=", "How many [1]"),
        ("json", "One JSON object"),
        ("csv", "Comma-separated values, a line a column"),
        ("html=", "Writes a page with plots to this file as well"),
        ("plot", "The waits of every column as bars; of a single one they always are"),
    ];

    public IReadOnlyList<RoutingPolicy> Policies { get; init; } = [];
    public IReadOnlyList<string> WhatIfs { get; init; } = [];
    public string? Replay { get; init; }
    public string? App { get; init; }
    public string? Log { get; init; }
    public string? Scenario { get; init; }
    public string? Tune { get; init; }
    public bool Check { get; init; }
    public ulong Seed { get; init; } = 1;
    public int Seeds { get; init; } = 1;
    public bool Json { get; init; }
    public bool Csv { get; init; }
    public string? Html { get; init; }
    public bool Plot { get; init; }

    public static SimulateFlags Read(FlagReader flags) => new()
    {
        Policies = ReadPolicies(flags),
        WhatIfs = (flags.Text("what-if") ?? "").Split(
            ';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        Replay = flags.Text("replay"),
        App = flags.Text("app"),
        Log = flags.Text("log"),
        Scenario = flags.Text("scenario"),
        Tune = flags.Text("tune"),
        Check = flags.Switch("check"),
        Seed = (ulong)flags.Count("seed", 1, 0, int.MaxValue),
        Seeds = flags.Count("seeds", 1, 1, 100_000),
        Json = flags.Switch("json"),
        Csv = flags.Switch("csv"),
        Html = flags.Text("html"),
        Plot = flags.Switch("plot"),
    };

    private static List<RoutingPolicy> ReadPolicies(FlagReader flags)
    {
        var policies = new List<RoutingPolicy>();
        if (flags.Text("policy") is not { } text)
            return policies;
        var all = Enum.GetValues<RoutingPolicy>();
        if (text == "all")
            return [.. all];
        var names = all.ToDictionary(policy => policy.Word());
        foreach (var name in text.Split(','))
        {
            if (names.TryGetValue(name, out var policy))
                policies.Add(policy);
            else
                flags.Faults.Add($"--policy: no such policy: {name}{NearestName.Hint(name, names.Keys)}");
        }

        return policies;
    }
}
