using System.Diagnostics;
using System.Globalization;
using Weir.Sim;

namespace Weir.Verbs;

/// <summary>What would happen: the live router's own state machine, in virtual time, on generated traffic.</summary>
internal static class SimulateVerb
{
    public static IReadOnlyList<(string Name, string Does)> Flags { get; } =
    [
        ("rate=", "Requests that arrive: 64/s, 3840/m (Poisson)"),
        ("service=", "A worker's time: exp:100ms, const:, lognormal:MEDIAN,SIGMA, weibull:SHAPE,SCALE, "
            + "bimodal:FAST,SLOW,SHARE"),
        ("instances=", "Instances [8]"),
        ("workers=", "Requests that one instance works on at once [1]"),
        ("policy=", "central, least-connections, power-of-two, round-robin, random; several with commas, or all "
            + "[central]"),
        ("routers=", "Routers that know nothing of each other [1]"),
        ("backlog=", "What an instance takes beyond its workers before it refuses [all there is]"),
        ("tries=", "Instances a request is offered to [10]"),
        ("queue-max-length=", "Bound of a router's queue [none]"),
        ("queue-max-wait=", "Bound of a wait in it [none]"),
        ("duration=", "For how long requests arrive [10m]"),
        ("warm-up=", "What of it is not counted [0s]"),
        ("seed=", "The first seed [1]"),
        ("seeds=", "How many [1]"),
        ("json", "One JSON object"),
    ];

    public static Task<int> RunAsync(VerbCall call, TextWriter output)
    {
        var read = SimulateFlags.Read(call, out var problem);
        if (read is null)
            return Task.FromResult(CommandLine.Wrong("simulate: " + problem));
        var since = Stopwatch.GetTimestamp();
        var summaries = read.Policies
            .Select(policy => SimSummary.Run(read.Options with { Policy = policy }, read.Seed, read.Seeds))
            .ToList();
        if (read.Json)
            output.WriteLine(SimulateJson.Write(summaries, read.Service, read.Seed));
        else
            output.Write(SimulateText.Write(summaries, read, Stopwatch.GetElapsedTime(since)));
        return Task.FromResult(0);
    }

    internal static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
