namespace Weir.Core.Pooling.Sizing;

/// <summary>Server connections of one pool, and what they come from.</summary>
internal readonly record struct PoolSize(int Connections, PoolSizeReason Reason);
