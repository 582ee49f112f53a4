using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>
/// A stored head with the fields of a newer answer (RFC 9111 sections 3.2, 4.3.4 and 4.3.5): each field that came takes
/// the place of all stored ones of its name, save those that describe the stored body itself.
/// </summary>
internal static class StoredHeadMerge
{
    public static int SizeMax(ResponseHead stored, ResponseHead fresh) => stored.Length + fresh.Length + 64;

    /// <summary>Writes the merged head, with the stored status, in the form of <see cref="StoredHeadWriter"/>.</summary>
    public static int Write(ResponseHead stored, ResponseHead fresh, CachePolicy policy, Span<byte> destination)
    {
        throw new NotImplementedException();
    }

    /// <summary>
    /// True if a 200 to HEAD speaks of the stored body: validators and length that it has are the same (RFC 9111
    /// section 4.3.5). Else the stored answer is to be taken for stale.
    /// </summary>
    public static bool HeadFits(ResponseHead stored, long storedBodyBytes, ResponseHead fresh)
    {
        throw new NotImplementedException();
    }
}
