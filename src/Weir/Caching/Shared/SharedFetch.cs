using Weir.Core.Caching.Shared;

namespace Weir.Caching.Shared;

/// <summary>What is under a name, and the state of purges read after it on the same connection.</summary>
/// <param name="Value">Empty: nothing.</param>
/// <param name="Purges">Without the log; null where there is a fault.</param>
internal readonly record struct SharedFetch(SharedFault Fault, ReadOnlyMemory<byte> Value, PurgePage? Purges);
