using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>What the cache wants to know of a request, gathered in one walk over its fields.</summary>
internal struct RequestFacts
{
    public HttpVerb Verb { get; private set; }
    public RequestTraits Traits { get; private set; }

    /// <summary>Its Cache-Control; where it has none, Pragma: no-cache counts as no-cache (RFC 9111 section 5.4).</summary>
    public CacheDirectives Directives { get; private set; }

    public readonly bool Has(RequestTraits trait) => (Traits & trait) != 0;

    public static RequestFacts Read(RequestHead head)
    {
        throw new NotImplementedException();
    }
}
