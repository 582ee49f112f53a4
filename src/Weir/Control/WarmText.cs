using System.Globalization;
using Weir.Caching;

namespace Weir.Control;

/// <summary>What is said of routes that are kept warm, in words.</summary>
internal static class WarmText
{
    /// <summary>To who asked for a round: what begins, what it costs, and what the budget does not allow yet.</summary>
    public static ActReply Reply(IReadOnlyList<(WarmView Route, long Wait)> routes, bool isDry)
    {
        if (routes.Count == 0)
            return new ActReply(false, "nothing is kept warm: give a route cache.warm or cache.warm-top");
        var begins = routes.Where(one => one.Wait <= 0).Select(one => Sentence(one.Route)).ToList();
        var refused = routes.Where(one => one.Wait > 0).Select(one => Refusal(one.Route, one.Wait)).ToList();
        var all = string.Join("; ", begins.Concat(refused));
        return begins.Count > 0 || isDry ? new ActReply(true, Note: all) : new ActReply(false, all);
    }

    /// <summary>"web /report: 16 requests, a round takes 112.0 s of a worker, 23.3 % of one".</summary>
    public static string Sentence(in WarmView route) => Text(
        $"{route.App} {route.Route}: {route.Requests} requests, {Cost(route.CostMicros / 1e6, route.Share)}");

    /// <summary>"warm /report: 16 requests, a round takes 112.0 s of a worker, 23.3 % of one, next in 368 s".</summary>
    public static string Line(WarmSnapshot route)
    {
        var when = route.UnderWay ? $"under way, {route.Left} to go"
            : route.DueInSeconds > 0 ? Text($"next in {route.DueInSeconds:0} s") : "next when a worker idles";
        var line = $"warm {route.Route}: {route.Requests} requests, "
            + $"{Cost(route.RoundWorkerSeconds, route.WorkerShare)}, {when}";
        if (route.Refused > 0)
            line += Text($", {route.Refused} times wanted over its budget of {route.Budget * 100:0.#} %");
        return route.Failed == 0 ? line : $"{line}; NOT STORED: {route.Failed}, {route.Failure}";
    }

    private static string Cost(double seconds, double share) => seconds <= 0
        ? "what a round takes is not known yet"
        : Text($"a round takes {seconds:0.0} s of a worker, {share * 100:0.#} % of one");

    private static string Refusal(in WarmView route, long wait) => Text(
        $"{Sentence(route)}, over the {route.Budget * 100:0.#} % of cache.warm-budget: not before {wait / 1e6:0} s");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
