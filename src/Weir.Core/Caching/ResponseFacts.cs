using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>
/// What the cache wants to know of an answer, gathered in one walk over its fields. Dates are unix milliseconds,
/// <see cref="NoDate"/> where there is no valid one.
/// </summary>
internal struct ResponseFacts
{
    /// <summary>No moment of HTTP, whose dates are whole seconds.</summary>
    public const long NoDate = -1;

    private CacheDirectives _directives;

    public int Status { get; private set; }
    public ResponseTraits Traits { get; private set; }

    /// <summary>Of the targeted field that counts, else of Cache-Control.</summary>
    public readonly CacheDirectives Directives => _directives;

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
        var facts = new ResponseFacts
        {
            Status = head.Status,
            ContentLength = head.ContentLength,
            Date = NoDate,
            Expires = NoDate,
            LastModified = NoDate,
            Age = -1,
        };
        if (head.IsEventStream || head.IsUnbuffered)
            facts.Traits |= ResponseTraits.Streamed;
        var mayBeTargeted = false;
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            if (field.Known is KnownField.Other or KnownField.Weir && IsControl(head.NameOf(field)))
                mayBeTargeted = true;
            else if (field.Known == KnownField.Other)
                facts.TakeOther(CacheFields.Of(head.NameOf(field)), head.ValueOf(field), now);
            else
                facts.TakeKnown(field.Known, head.ValueOf(field), now);
        }

        facts.Age = Math.Max(0, facts.Age);
        Span<byte> names = stackalloc byte[VaryNames.BytesMax];
        if (facts.Has(ResponseTraits.Vary) && VaryNames.Read(head, names) < 0)
            facts.Traits |= ResponseTraits.VaryOdd;
        if (mayBeTargeted)
            facts.TakeTargeted(head, policy.TargetedFields);
        return facts;
    }

    /// <summary>Targeted fields are all called something-control.</summary>
    private static bool IsControl(ReadOnlySpan<byte> name) =>
        name.Length > 8 && Tokens.Equal(name[^8..], "-control"u8);

    private void TakeKnown(KnownField known, ReadOnlySpan<byte> value, long now)
    {
        switch (known)
        {
            case KnownField.CacheControl:
                _directives.Take(value);
                break;
            case KnownField.SetCookie:
                Traits |= ResponseTraits.SetCookie;
                break;
            case KnownField.ContentEncoding:
                TakeEncoding(value);
                break;
            case KnownField.Date when Date == NoDate && HttpDate.TryParse(value, now, out var date):
                Date = date;
                break;
        }
    }

    private void TakeOther(CacheField field, ReadOnlySpan<byte> value, long now)
    {
        switch (field)
        {
            case CacheField.Age when Age < 0:
                // Of a list, or of several lines, the first counts.
                var list = new Tokens(value);
                Age = list.Next(out var first) ? Math.Max(0, CacheDirectives.SecondsOf(WithoutParameters(first))) : 0;
                break;
            case CacheField.ETag when !value.IsEmpty:
                Traits |= ResponseTraits.ETag;
                break;
            case CacheField.Expires when !Has(ResponseTraits.Expires):
                Traits |= ResponseTraits.Expires;
                if (HttpDate.TryParse(value, now, out var expires))
                    Expires = expires;
                break;
            case CacheField.LastModified when HttpDate.TryParse(value, now, out var modified):
                Traits |= ResponseTraits.LastModified;
                LastModified = modified;
                break;
            case CacheField.Vary:
                TakeVary(value);
                break;
        }
    }

    /// <summary>
    /// Age is an Item by the grammar of Structured Fields (RFC 9651), whose parameters change nothing of its number;
    /// and to take an answer for older than it is costs a fetch, for younger a stale hit.
    /// </summary>
    private static ReadOnlySpan<byte> WithoutParameters(ReadOnlySpan<byte> item)
    {
        var semicolon = item.IndexOf((byte)';');
        return semicolon < 0 ? item : item[..semicolon].TrimEnd(" \t"u8);
    }

    private void TakeEncoding(ReadOnlySpan<byte> value)
    {
        var list = new Tokens(value);
        while (list.Next(out var coding))
        {
            if (!Tokens.Equal(coding, "gzip"u8) && !Tokens.Equal(coding, "br"u8) && !Tokens.Equal(coding, "x-gzip"u8)
                && !Tokens.Equal(coding, "identity"u8))
                Traits |= ResponseTraits.OddEncoding;
        }
    }

    private void TakeVary(ReadOnlySpan<byte> value)
    {
        var list = new Tokens(value);
        while (list.Next(out var name))
        {
            Traits |= ResponseTraits.Vary;
            if (name is [(byte)'*'])
                Traits |= ResponseTraits.VaryStar;
            else
                Traits |= TraitOfVary(KnownFields.Of(name));
        }
    }

    private static ResponseTraits TraitOfVary(KnownField known) => known switch
    {
        KnownField.Cookie => ResponseTraits.VaryCookie,
        KnownField.AcceptEncoding => ResponseTraits.VaryEncoding,
        KnownField.Authorization => ResponseTraits.VaryAuthorization,
        _ => ResponseTraits.None,
    };

    /// <summary>
    /// The first field of the list that is there, not empty and without a fault takes the place of Cache-Control and
    /// Expires (RFC 9213 section 2.2).
    /// </summary>
    private void TakeTargeted(ResponseHead head, NameList targets)
    {
        for (var target = 0; target < targets.Count; target++)
        {
            var directives = new CacheDirectives();
            if (!TakeTarget(head, targets[target], ref directives) || !directives.Has(DirectiveFlags.Present))
                continue;
            _directives = directives;
            Traits |= ResponseTraits.Targeted;
            Traits &= ~ResponseTraits.Expires;
            Expires = NoDate;
            return;
        }
    }

    private static bool TakeTarget(ResponseHead head, ReadOnlySpan<byte> name, ref CacheDirectives directives)
    {
        var isSurrogate = name.SequenceEqual(CachePolicy.SurrogateControl);
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            if (!Tokens.Equal(head.NameOf(field), name))
                continue;
            if (isSurrogate)
                directives.TakeSurrogate(head.ValueOf(field));
            else if (!directives.TakeTargeted(head.ValueOf(field)))
                return false;
        }

        return true;
    }
}
