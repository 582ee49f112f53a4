using Weir.Spill;

namespace Weir.Pooling;

/// <summary>Where answers wait for slow clients, and how much of one may.</summary>
/// <param name="MemoryMax">Of one answer in memory, in bytes; the rest goes to a file.</param>
/// <param name="BytesMax">Of one answer in all.</param>
internal sealed record SpoolRooms(BlockPool Blocks, SpillDisk Disk, int MemoryMax, long BytesMax);
