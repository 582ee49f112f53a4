using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>
/// Judges a client's If-None-Match, If-Modified-Since, Range and If-Range by a stored answer (RFC 9111 section 4.3.2,
/// RFC 9110 sections 13.2.2 and 14.2).
/// </summary>
internal static class Preconditions
{
    private const RequestTraits Conditions = RequestTraits.IfNoneMatch | RequestTraits.IfModifiedSince;

    /// <summary>
    /// How long before Date a change must lie for Last-Modified to tell one version from another (RFC 9110 section
    /// 8.8.2.2).
    /// </summary>
    private const long StrongAfter = 1000;

    /// <param name="stored">The stored head, parsed.</param>
    /// <param name="storedAt">When it came, unix milliseconds: stands in for Last-Modified and Date.</param>
    /// <param name="bodyBytes">−1 where the body still grows and its length is not known: no ranges then.</param>
    /// <param name="range">With Partial.</param>
    public static AnswerKind Judge(
        RequestHead request, in RequestFacts facts, ResponseHead stored, long storedAt, long bodyBytes, long now,
        out ByteRange range)
    {
        range = default;
        // Conditions are for what would else have succeeded (RFC 9110 section 13.2.1).
        if (!facts.Has(Conditions | RequestTraits.Range) || stored.Status is < 200 or >= 300)
            return AnswerKind.Whole;
        if (facts.Has(Conditions) && IsUnchanged(request, facts, stored, storedAt, now))
            return AnswerKind.NotModified;
        if (!facts.Has(RequestTraits.Range) || facts.Verb != HttpVerb.Get || stored.Status != 200 || bodyBytes < 0
            || (facts.Has(RequestTraits.IfRange) && !RangeStillHolds(request, stored, now)))
            return AnswerKind.Whole;
        return JudgeRange(request, bodyBytes, out range);
    }

    private static bool IsUnchanged(
        RequestHead request, in RequestFacts facts, ResponseHead stored, long storedAt, long now)
    {
        if (!facts.Has(RequestTraits.IfNoneMatch))
        {
            var since = ValueOf(request, CacheField.IfModifiedSince);
            return HttpDate.TryParse(since, now, out var moment) && ChangedAt(stored, storedAt, now) <= moment;
        }

        // With If-None-Match the date does not count (RFC 9110 section 13.1.3).
        var tag = ValueOf(stored, CacheField.ETag);
        for (var index = 0; index < request.Fields.Count; index++)
        {
            ref readonly var field = ref request.Fields[index];
            if (field.Known == KnownField.Other && CacheFields.Of(request.NameOf(field)) == CacheField.IfNoneMatch
                && EntityTags.ListTakes(request.ValueOf(field), tag))
                return true;
        }

        return false;
    }

    /// <summary>Last-Modified, else Date, else when it came (RFC 9111 section 4.3.2).</summary>
    private static long ChangedAt(ResponseHead stored, long storedAt, long now)
    {
        if (HttpDate.TryParse(ValueOf(stored, CacheField.LastModified), now, out var moment))
            return moment;
        var date = stored.Fields.IndexOf(KnownField.Date);
        return date >= 0 && HttpDate.TryParse(stored.ValueOf(stored.Fields[date]), now, out moment) ? moment : storedAt;
    }

    private static bool RangeStillHolds(RequestHead request, ResponseHead stored, long now)
    {
        var wanted = ValueOf(request, CacheField.IfRange);
        if (EntityTags.IsTag(wanted))
            return EntityTags.IsSameStrong(wanted, ValueOf(stored, CacheField.ETag));
        var modified = ValueOf(stored, CacheField.LastModified);
        var date = stored.Fields.IndexOf(KnownField.Date);
        return wanted.SequenceEqual(modified) && HttpDate.TryParse(modified, now, out var changedAt) && date >= 0
            && HttpDate.TryParse(stored.ValueOf(stored.Fields[date]), now, out var sentAt)
            && sentAt - changedAt >= StrongAfter;
    }

    private static AnswerKind JudgeRange(RequestHead request, long bodyBytes, out ByteRange range)
    {
        range = default;
        var found = -1;
        for (var index = 0; index < request.Fields.Count; index++)
        {
            if (request.Fields[index].Known != KnownField.Range)
                continue;
            // Two lines make no list: the field has none.
            if (found >= 0)
                return AnswerKind.Whole;
            found = index;
        }

        return ByteRanges.Read(request.ValueOf(request.Fields[found]), bodyBytes, out range) switch
        {
            RangeKind.Single => AnswerKind.Partial,
            RangeKind.Unsatisfiable => AnswerKind.Unsatisfiable,
            _ => AnswerKind.Whole,
        };
    }

    /// <summary>The value of the only field of this kind; empty where there is none or several.</summary>
    private static ReadOnlySpan<byte> ValueOf(RequestHead head, CacheField wanted)
    {
        var found = -1;
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            if (field.Known != KnownField.Other || CacheFields.Of(head.NameOf(field)) != wanted)
                continue;
            if (found >= 0)
                return default;
            found = index;
        }

        return found < 0 ? default : head.ValueOf(head.Fields[found]);
    }

    private static ReadOnlySpan<byte> ValueOf(ResponseHead head, CacheField wanted)
    {
        var found = CacheFields.IndexOf(head, wanted);
        return found < 0 ? default : head.ValueOf(head.Fields[found]);
    }
}
