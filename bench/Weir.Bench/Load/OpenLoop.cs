using System.Net;

namespace Weir.Bench.Load;

/// <summary>
/// Sends a plan's requests at their times, whether or not earlier ones were answered, and counts each response from
/// its *planned* time: a stalled server is charged for everyone who would have come (no coordinated omission).
/// </summary>
internal static class OpenLoop
{
    /// <param name="drain">How long after the last planned time the unanswered are waited for.</param>
    public static Outcome[] Run(IPEndPoint server, IReadOnlyList<PlannedRequest> plan, TimeSpan drain)
    {
        using var stop = new CancellationTokenSource();
        var tasks = new Task<Outcome>[plan.Count];
        // A little ahead, so that the first request is as punctual as the others.
        var start = Clock.Now + 20_000;
        for (var i = 0; i < tasks.Length; i++)
        {
            Clock.SleepUntil(start + plan[i].At);
            tasks[i] = OneAsync(server, plan[i], start, stop.Token);
        }

        Task.WaitAll(tasks, (int)drain.TotalMilliseconds);
        stop.Cancel();
        Task.WaitAll(tasks);
        return [.. tasks.Select(t => t.Result)];
    }

    private static async Task<Outcome> OneAsync(
        IPEndPoint server, PlannedRequest planned, long start, CancellationToken stop)
    {
        var (status, service) = await HttpExchange.GetAsync(server, planned, stop).ConfigureAwait(false);
        return new Outcome(planned.At, Clock.Now - start - planned.At, status, service);
    }
}
