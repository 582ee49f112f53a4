namespace Weir.Core.Caching;

/// <summary>When something was last purged, on the scale of purges; 0: never.</summary>
internal record struct Stamps(long Soft, long Hard)
{
    public void Record(PurgeKind kind, long stamp)
    {
        if (kind == PurgeKind.Hard)
            Hard = Math.Max(Hard, stamp);
        else
            Soft = Math.Max(Soft, stamp);
    }

    public void Include(Stamps other)
    {
        Soft = Math.Max(Soft, other.Soft);
        Hard = Math.Max(Hard, other.Hard);
    }
}
