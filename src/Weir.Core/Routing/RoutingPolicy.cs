namespace Weir.Core.Routing;

/// <summary>How an app's requests meet its instances. All but <see cref="Central"/> exist to compare with.</summary>
internal enum RoutingPolicy : byte
{
    /// <summary>One queue; a request is bound to an instance when a slot is free, and not before.</summary>
    Central,
    LeastConnections,
    PowerOfTwo,
    RoundRobin,
    Random,
}
