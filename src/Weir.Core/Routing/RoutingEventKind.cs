namespace Weir.Core.Routing;

/// <summary>What can happen to an app's routing.</summary>
internal enum RoutingEventKind : byte
{
    /// <summary>A whole request wants a lease.</summary>
    Arrived,

    /// <summary>
    /// The client vanished while its request stood in the queue. Nothing to a request that holds a lease.
    /// </summary>
    ClientGone,

    /// <summary>A remote ledger answers a claim (reserved: the local ledger answers within the same step).</summary>
    LeaseAnswered,

    /// <summary>
    /// The attempt ended without an answer; the slot is free. The core decides: again elsewhere, or shed.
    /// </summary>
    AttemptFailed,

    /// <summary>The app's last byte came (or its connection is spent): the slot is free.</summary>
    ResponseEnded,

    /// <summary>
    /// The answer is whole and the app closes its connection: the exchange is done, the slot stays taken until
    /// ResponseEnded.
    /// </summary>
    Answered,

    /// <summary>
    /// Weir gave up on the attempt while the app still works: the slot stays taken until ResponseEnded.
    /// </summary>
    Abandoned,

    /// <summary>
    /// An abandoned slot's instance did not answer in time and is not ours: out of service until SlotUp.
    /// </summary>
    Lost,

    /// <summary>The answer is an event stream: it keeps its slot and counts as a stream.</summary>
    StreamOpened,

    /// <summary>The app answered 101: the slot is free at once, and the tunnel counts against the instance.</summary>
    Upgraded,

    /// <summary>A tunnel, or an exchange on a route that needs no slot, ended.</summary>
    TunnelEnded,

    /// <summary>An instance (Instance) appears, returns, or changes its number of slots (Count).</summary>
    InstanceUp,

    /// <summary>
    /// An instance is gone: its queued work is unharmed, its leases will each end by their own events.
    /// </summary>
    InstanceDown,

    /// <summary>No new leases on this instance; what runs may finish.</summary>
    InstanceDraining,

    /// <summary>
    /// So many instances (Count) are being started, or will be shortly, and are not up yet. While there are any and
    /// none is usable, requests wait for the boot: the queue's clock stands, and queue.boot-wait is their bound.
    /// </summary>
    Booting,

    /// <summary>The time asked for with SetTimer has come.</summary>
    TimerFired,

    /// <summary>Options changed; they are read from Options on the router.</summary>
    ConfigChanged,

    /// <summary>Hold everything in the queue (deploys), or let it go on.</summary>
    Paused,
    Resumed,
}
