using System.Globalization;
using Weir.Config;
using Weir.Core.Routing;
using Weir.Sim;

namespace Weir.Verbs;

/// <summary>The flags of <c>weir simulate</c>, read.</summary>
internal sealed record SimulateFlags(SimOptions Options, string Service)
{
    public IReadOnlyList<RoutingPolicy> Policies { get; init; } = [RoutingPolicy.Central];
    public ulong Seed { get; init; } = 1;
    public int Seeds { get; init; } = 1;
    public bool Json { get; init; }

    /// <summary>Null where something is wrong, with a sentence that says what.</summary>
    public static SimulateFlags? Read(VerbCall call, out string problem)
    {
        var faults = new List<string>();
        var service = call.Take("service") ?? "exp:100ms";
        var time = ServiceTime.Read(service, out var fault);
        if (time is null)
            faults.Add("--service: " + fault);
        var options = new SimOptions
        {
            Rate = Rate(call.Take("rate"), faults),
            Service = time!,
            Instances = Count(call, "instances", 8, 1, 10_000, faults),
            Workers = Count(call, "workers", 1, 1, 1_000, faults),
            Routers = Count(call, "routers", 1, 1, 1_000, faults),
            Backlog = Count(call, "backlog", -1, 0, 1_000_000, faults),
            Tries = Count(call, "tries", 10, 1, 10_000, faults),
            QueueLengthMax = Count(call, "queue-max-length", 0, 1, 100_000_000, faults),
            QueueWaitMax = Time(call, "queue-max-wait", 0, faults),
            Duration = Time(call, "duration", 600_000_000, faults),
            WarmUp = Time(call, "warm-up", 0, faults),
        };
        var flags = new SimulateFlags(options, service)
        {
            Policies = ReadPolicies(call.Take("policy") ?? "central", faults),
            Seed = (ulong)Count(call, "seed", 1, 0, int.MaxValue, faults),
            Seeds = Count(call, "seeds", 1, 1, 10_000, faults),
            Json = call.Take("json") is "on",
        };
        if (options.WarmUp >= options.Duration)
            faults.Add("--warm-up is as long as --duration: nothing would be counted");
        if (time is not null && faults.Count == 0 && IsHopeless(options, time))
            faults.Add(Hopeless(options, time));
        problem = string.Join("; ", faults);
        return faults.Count == 0 ? flags : null;
    }

    private static string Hopeless(SimOptions options, ServiceTime time) =>
        SimulateVerb.Text($"{options.Rate:0.##}/s of {time.Mean / 1000:0.#} ms keep {Load(options, time):0.##} ")
            + SimulateVerb.Text($"workers busy, and there are {options.Instances * options.Workers}: the queue would ")
            + "only grow. Give it a bound: --queue-max-length or --queue-max-wait";

    private static double Load(SimOptions options, ServiceTime time) => options.Rate * time.Mean / 1e6;

    /// <summary>More work than workers, and nothing that would shed it.</summary>
    private static bool IsHopeless(SimOptions options, ServiceTime time) =>
        Load(options, time) >= options.Instances * options.Workers && options.QueueLengthMax == 0
            && options.QueueWaitMax == 0 && options.Backlog < 0;

    private static double Rate(string? text, List<string> faults)
    {
        var parts = (text ?? "64/s").Split('/');
        var scale = parts.Length == 1 ? 1 : parts[1] switch { "s" => 1, "m" => 60, "h" => 3600, _ => 0 };
        if (double.TryParse(parts[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate)
            && rate is > 0 and <= 10_000_000 && scale > 0 && parts.Length <= 2)
        {
            return rate / scale;
        }

        faults.Add($"--rate: '{text}' is not a rate; write 64/s, 3840/m or 1000/h");
        return 1;
    }

    private static int Count(VerbCall call, string name, int usual, int min, int max, List<string> faults)
    {
        if (call.Take(name) is not { } text)
            return usual;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count >= min && count <= max)
        {
            return count;
        }

        faults.Add($"--{name}: '{text}' is not a number from {min} to {max}");
        return usual;
    }

    private static long Time(VerbCall call, string name, long usual, List<string> faults)
    {
        if (call.Take(name) is not { } text)
            return usual;
        if (text == "0" || Durations.TryRead(text, out _))
            return Durations.TryRead(text, out var micros) ? (long)micros : 0;
        faults.Add($"--{name}: '{text}' is not a time; write 250ms, 10s, 5m");
        return usual;
    }

    private static List<RoutingPolicy> ReadPolicies(string text, List<string> faults)
    {
        var all = Enum.GetValues<RoutingPolicy>();
        if (text == "all")
            return [.. all];
        var names = all.ToDictionary(policy => policy.Word());
        var policies = new List<RoutingPolicy>();
        foreach (var name in text.Split(','))
        {
            if (names.TryGetValue(name, out var policy))
                policies.Add(policy);
            else
                faults.Add($"--policy: no such policy: {name}{NearestName.Hint(name, names.Keys)}");
        }

        return policies;
    }
}
