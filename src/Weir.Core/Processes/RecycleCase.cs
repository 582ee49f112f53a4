namespace Weir.Core.Processes;

/// <summary>What is known of an instance that might be renewed.</summary>
/// <param name="Age">Microseconds in service.</param>
/// <param name="Memory">Bytes, proportional (PSS), of the whole tree; 0 where not read yet.</param>
/// <param name="MemoryMax">0 = no bound.</param>
/// <param name="Requests">Leases given so far.</param>
/// <param name="RequestsMax">0 = no bound.</param>
/// <param name="IsStuck">One of its slots is lost: the app has not answered for longer than slot.stuck-after.</param>
internal readonly record struct RecycleCase(
    long Age, long Memory, long MemoryMax, long Requests, long RequestsMax, bool IsStuck);
