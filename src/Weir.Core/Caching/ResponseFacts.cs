using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>
/// What the cache wants to know of an answer, gathered in one walk over its fields. Dates are unix milliseconds, −1
/// where there is no valid one.
/// </summary>
internal struct ResponseFacts
{
    public int Status { get; private set; }
    public ResponseTraits Traits { get; private set; }

    /// <summary>Of the targeted field that counts, else of Cache-Control.</summary>
    public CacheDirectives Directives { get; private set; }

    public long Date { get; private set; }
    public long Expires { get; private set; }
    public long LastModified { get; private set; }

    /// <summary>Seconds; 0 where there is no Age, or an invalid one (RFC 9111 section 5.1).</summary>
    public long Age { get; private set; }

    /// <summary>Bytes announced, −1 where unknown.</summary>
    public long ContentLength { get; private set; }

    public readonly bool Has(ResponseTraits trait) => (Traits & trait) != 0;

    /// <param name="now">Unix milliseconds; two-digit years are read by it.</param>
    public static ResponseFacts Read(ResponseHead head, CachePolicy policy, long now)
    {
        throw new NotImplementedException();
    }
}
