namespace Weir.Core.Routing;

/// <summary>One slot as status and dump see it. Ticket and Attempt are the last holder's where it is free.</summary>
/// <param name="Since">When it came into its state, µs.</param>
internal readonly record struct SlotView(SlotState State, bool IsStream, int Ticket, int Attempt, long Since);
