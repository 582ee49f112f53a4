using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>What the cache wants to know of a request, gathered in one walk over its fields.</summary>
internal struct RequestFacts
{
    private CacheDirectives _directives;

    public HttpVerb Verb { get; private set; }
    public RequestTraits Traits { get; private set; }

    /// <summary>
    /// Its Cache-Control; where it has none, Pragma: no-cache counts as no-cache (RFC 9111 section 5.4).
    /// </summary>
    public readonly CacheDirectives Directives => _directives;

    public readonly bool Has(RequestTraits trait) => (Traits & trait) != 0;

    public static RequestFacts Read(RequestHead head)
    {
        var facts = new RequestFacts { Verb = head.Verb };
        if (head.Framing != BodyFraming.None)
            facts.Traits |= RequestTraits.Body;
        if (head.IsWebSocket)
            facts.Traits |= RequestTraits.Upgrade;
        var pragma = -1;
        var fields = head.Fields;
        for (var index = 0; index < fields.Count; index++)
        {
            ref readonly var field = ref fields[index];
            if (field.Known == KnownField.CacheControl)
                facts._directives.Take(head.ValueOf(field));
            else if (field.Known != KnownField.Other)
                facts.Traits |= TraitOf(field.Known);
            else if (facts.TakeOther(CacheFields.Of(head.NameOf(field))))
                pragma = index;
        }

        if (pragma >= 0 && !facts._directives.Has(DirectiveFlags.Present) && IsNoCache(head.ValueOf(fields[pragma])))
            facts._directives.Take("no-cache"u8);
        return facts;
    }

    /// <summary>The same as if its method had been GET, and without its body.</summary>
    public readonly RequestFacts AsGet() =>
        this with { Verb = HttpVerb.Get, Traits = Traits & ~RequestTraits.Body };

    private static RequestTraits TraitOf(KnownField known) => known switch
    {
        KnownField.Authorization => RequestTraits.Authorization,
        KnownField.Cookie => RequestTraits.Cookie,
        KnownField.Range => RequestTraits.Range,
        _ => RequestTraits.None,
    };

    /// <summary>True for Pragma.</summary>
    private bool TakeOther(CacheField field)
    {
        Traits |= field switch
        {
            CacheField.IfNoneMatch => RequestTraits.IfNoneMatch,
            CacheField.IfModifiedSince => RequestTraits.IfModifiedSince,
            CacheField.IfRange => RequestTraits.IfRange,
            CacheField.IfMatch or CacheField.IfUnmodifiedSince => RequestTraits.Guarded,
            _ => RequestTraits.None,
        };
        return field == CacheField.Pragma;
    }

    private static bool IsNoCache(ReadOnlySpan<byte> pragma)
    {
        var list = new Tokens(pragma);
        while (list.Next(out var element))
        {
            if (Tokens.Equal(element, "no-cache"u8))
                return true;
        }

        return false;
    }
}
