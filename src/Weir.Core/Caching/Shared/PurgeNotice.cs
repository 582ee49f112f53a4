namespace Weir.Core.Caching.Shared;

/// <summary>A purge to carry out on this node's own answers; one that another node made, or one for all that was
/// missed.</summary>
/// <param name="Selector">In the cache's own notation; empty: everything.</param>
internal readonly record struct PurgeNotice(ReadOnlyMemory<byte> Selector, PurgeDepth Depth, PurgeCause Cause)
{
    public bool IsEverything => Selector.IsEmpty;
}
