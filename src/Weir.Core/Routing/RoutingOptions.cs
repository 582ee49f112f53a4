namespace Weir.Core.Routing;

/// <summary>Bounds and policy of one app's routing. Times in microseconds.</summary>
internal sealed record RoutingOptions
{
    public RoutingPolicy Policy { get; init; } = RoutingPolicy.Central;

    /// <summary>
    /// queue.max-wait. 10 s: under the 30 s after which platforms give up, over any start of an instance.
    /// </summary>
    public long QueueWaitMax { get; init; } = 10_000_000;

    /// <summary>
    /// queue.boot-wait: for a request that finds no instance but one that boots, from its arrival. 75 s: Heroku's.
    /// </summary>
    public long BootWaitMax { get; init; } = 75_000_000;

    /// <summary>queue.max-length; 0 = as many as max-wait and max-bytes allow.</summary>
    public int QueueLengthMax { get; init; } = 1_000;

    /// <summary>
    /// queue.client-share: of queue.max-length, what one client address may fill. A half leaves room for everybody
    /// else, and an office behind one address with as much as most apps can wait for.
    /// </summary>
    public double QueueClientShare { get; init; } = 0.5;

    /// <summary>queue.max-bytes: memory held by waiting requests.</summary>
    public long QueueBytesMax { get; init; } = 64L * 1024 * 1024;

    /// <summary>
    /// Tries of one request, the first included; also bounded by the number of instances. 10: Heroku's.
    /// </summary>
    public int TriesMax { get; init; } = 10;

    /// <summary>Longest rest of an instance that refused; it starts at 100 ms and doubles. 5 s: Heroku's.
    /// 0 = none, for simulated routers that keep no such memory.</summary>
    public long QuarantineMax { get; init; } = 5_000_000;

    /// <summary>How long a request may wait while every instance refuses. 75 s: Heroku's.</summary>
    public long AllRefusedMax { get; init; } = 75_000_000;

    /// <summary>upgrades.max: tunnels per instance.</summary>
    public int UpgradesMax { get; init; } = 1_000;

    /// <summary>
    /// Retries after bytes were sent, as a share of requests in flight; at least three are always allowed.
    /// </summary>
    public double RetryBudget { get; init; } = 0.2;

    /// <summary>bypass slots: lease without counting.</summary>
    public bool SlotsBypassed { get; init; }

    /// <summary>Writes the options, or gives those that are read.</summary>
    public static RoutingOptions Pass(StateBytes state, RoutingOptions options) => new()
    {
        Policy = (RoutingPolicy)state.Through((int)options.Policy),
        QueueWaitMax = state.Through(options.QueueWaitMax),
        BootWaitMax = state.Through(options.BootWaitMax),
        QueueLengthMax = state.Through(options.QueueLengthMax),
        QueueClientShare = state.Through(options.QueueClientShare),
        QueueBytesMax = state.Through(options.QueueBytesMax),
        TriesMax = state.Through(options.TriesMax),
        QuarantineMax = state.Through(options.QuarantineMax),
        AllRefusedMax = state.Through(options.AllRefusedMax),
        UpgradesMax = state.Through(options.UpgradesMax),
        RetryBudget = state.Through(options.RetryBudget),
        SlotsBypassed = state.Through(options.SlotsBypassed),
    };
}
