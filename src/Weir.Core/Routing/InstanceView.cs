namespace Weir.Core.Routing;

/// <summary>One instance as status and dump see it.</summary>
/// <param name="Slots">Slots it has, without the backlog.</param>
/// <param name="Free">Slots that may be leased; 0 while it is not open.</param>
/// <param name="Leased">Held and answering, those in the backlog included.</param>
/// <param name="Waiting">Bound to it and waiting; always 0 under the central policy.</param>
/// <param name="QuarantinedUntil">µs; 0 when it does not rest.</param>
internal readonly record struct InstanceView(
    int Slots,
    int Backlog,
    int Free,
    int Leased,
    int Abandoned,
    int Lost,
    int Streams,
    int Tunnels,
    int Uncounted,
    int Waiting,
    bool IsDown,
    bool IsDraining,
    long QuarantinedUntil);
