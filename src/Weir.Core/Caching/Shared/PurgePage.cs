namespace Weir.Core.Caching.Shared;

/// <summary>What the shared store says of purges.</summary>
/// <param name="Era">One life of its count; 0: it has none, so nothing was ever counted in it.</param>
/// <param name="Epoch">Purges of that era.</param>
/// <param name="Last">
/// The newest, as <see cref="PurgeEntry.ToBytes"/> gave it, perhaps without its selector; empty where there is none.
/// </param>
/// <param name="Newest">
/// Of its log, taken at the same moment, newest first: the entry at <c>index</c> is purge <c>Epoch − index</c>. Null:
/// not asked for.
/// </param>
/// <param name="Asked">As many of them were asked for; fewer came: there are no more.</param>
internal sealed record PurgePage(
    long Era,
    long Epoch,
    ReadOnlyMemory<byte> Last,
    IReadOnlyList<ReadOnlyMemory<byte>>? Newest = null,
    int Asked = 0);
