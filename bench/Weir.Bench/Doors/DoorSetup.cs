namespace Weir.Bench.Doors;

/// <summary>What a front door stands before, the same for every contender.</summary>
internal sealed record DoorSetup
{
    /// <summary>Ports of the app's instances.</summary>
    public required IReadOnlyList<int> Upstreams { get; init; }

    /// <summary>Requests an instance serves at a time.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>Buffer whole requests before the app is asked, as far as the contender can.</summary>
    public bool Buffers { get; init; } = true;

    /// <summary>Let HAProxy hold each instance to its slots (maxconn) and queue the rest.</summary>
    public bool LimitsSlots { get; init; } = true;

    /// <summary>The core that the door is held to, for <c>taskset</c>; empty = any.</summary>
    public string Cpus { get; init; } = "";

    /// <summary>A memory cgroup's folder for Weir; the others run outside it.</summary>
    public string Cgroup { get; init; } = "";

    public bool Admin { get; init; }
}
