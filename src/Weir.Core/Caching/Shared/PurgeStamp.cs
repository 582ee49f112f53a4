namespace Weir.Core.Caching.Shared;

/// <summary>
/// What a node knew of purges at one moment: taken when a fill begins, kept with its answer, compared when that is
/// read.
/// </summary>
/// <param name="Era">
/// One life of the shared count; another one after the shared store has lost it. 0: none known yet.
/// </param>
/// <param name="Epoch">Purges of this era that had been heard of.</param>
/// <param name="OwnPurges">
/// Purges that this node itself had made since its start, told to the others or not. Not stored.
/// </param>
internal readonly record struct PurgeStamp(long Era, long Epoch, long OwnPurges = 0)
{
    /// <summary>True where nothing was known: an answer so stamped is not shared.</summary>
    public bool IsUnknown => Era == 0;
}
