namespace Weir.Core.Caching;

/// <summary>Bytes of a body, first and last included.</summary>
internal readonly record struct ByteRange(long First, long Last)
{
    public long Length => Last - First + 1;
}
