using System.Globalization;
using Weir.Core.Routing;

namespace Weir.Sim;

/// <summary>
/// A world changed: <c>workers=4,instances=8,policy=random,rate=×1.5,queue.max-wait=2s,queue.max-length=100,
/// backlog=2,tries=10,routers=2,cores=4</c>.
/// </summary>
internal static class SimWhatIf
{
    private static readonly string[] s_names =
    [
        "workers", "instances", "policy", "rate", "queue.max-wait", "queue.max-length", "backlog", "tries", "routers",
        "cores",
    ];

    /// <summary>The changed world; null where something is wrong, with a sentence that says what.</summary>
    public static SimOptions? Apply(SimOptions options, string text, out string problem)
    {
        problem = "";
        foreach (var change in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = change.IndexOf('=');
            var (name, value) = equals < 0 ? (change, "") : (change[..equals].Trim(), change[(equals + 1)..].Trim());
            if (Change(options, name, value) is not { } changed)
            {
                problem = s_names.Contains(name)
                    ? $"{name}: '{value}' is not what it takes"
                    : $"'{name}' cannot be changed; what can: {string.Join(", ", s_names)}";
                return null;
            }

            options = changed;
        }

        return options;
    }

    private static SimOptions? Change(SimOptions options, string name, string value) => name switch
    {
        "workers" when Count(value, 1_000, out var count) && count > 0 => options with { Workers = count },
        "instances" when Count(value, 10_000, out var count) && count > 0 => options with { Instances = count },
        "routers" when Count(value, 1_000, out var count) && count > 0 => options with { Routers = count },
        "backlog" when Count(value, 1_000_000, out var count) => options with { Backlog = count },
        "tries" when Count(value, 10_000, out var count) && count > 0 => options with { Tries = count },
        "queue.max-length" when Count(value, 100_000_000, out var count) => options with { QueueLengthMax = count },
        "cores" when Count(value, 10_000, out var count) =>
            options with { Servers = options.Servers with { Cores = count } },
        "queue.max-wait" when Durations.TryRead(value, out var micros) =>
            options with { QueueWaitMax = (long)micros },
        "policy" => Enum.GetValues<RoutingPolicy>().Where(policy => policy.Word() == value)
            .Select(policy => options with { Policy = policy }).FirstOrDefault(),
        "rate" => ChangeRate(options, value),
        _ => null,
    };

    // ×1.5, x1.5, *1.5: of what it is; 64/s: so many, where the traffic is a rate.
    private static SimOptions? ChangeRate(SimOptions options, string value)
    {
        if (value.Length > 1 && value[0] is '×' or 'x' or '*' && Number(value[1..], out var factor))
        {
            return options with
            {
                Rate = options.Rate * factor,
                Traffic = options.Traffic?.Scaled(factor),
                Duration = options.Traffic?.Scaled(factor).Duration is > 0 and var duration
                    ? duration : options.Duration,
            };
        }

        var number = value.EndsWith("/s", StringComparison.Ordinal) ? value[..^2] : value;
        if (!Number(number, out var rate))
            return null;
        return options.Traffic is null ? options with { Rate = rate }
            : ChangeRate(options, FormattableString.Invariant($"x{rate / options.Traffic.RateMean}"));
    }

    private static bool Count(string text, int max, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count <= max;

    private static bool Number(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)
            && number is > 0 and < 1e7;
}
