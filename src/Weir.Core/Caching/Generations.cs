namespace Weir.Core.Caching;

// Which answers have been purged, without touching one: each purge takes the next stamp and writes it beside what it is
// for; an answer carries the stamp at which its fill began (its capture), and is compared when it is read.
//
// Invariants
//   1. A purge costs the same however much is stored, and nothing is kept for an answer.
//   2. What was purged after its capture is never Kept. The other way round a bounded table may err: a purge that was
//      pushed out counts for whatever it could have been for.
//   3. Stamps only grow. 0 is before every purge.
// One scale of stamps an instance: purges of this node on one, those of a shared tier (with stamps from outside) on
// another. Owner: whoever holds it, under a lock of its own.

/// <summary>The purges of one scale, and what they mean for an answer.</summary>
internal sealed class Generations(GenerationLimits limits, KeyHash hash)
{
    private readonly StampTable _urls = new(limits.UrlsMax);
    private readonly StampTable _tags = new(limits.TagsMax);
    private readonly StampTable _hosts = new(limits.HostsMax);
    private readonly List<PrefixRow> _prefixes = [];
    private Stamps _all;

    /// <summary>The last stamp given: what a fill captures when it begins.</summary>
    public long Last { get; private set; }

    /// <summary>Purges with the next stamp, which it returns.</summary>
    public long Purge(PurgeSelector selector, PurgeKind kind)
    {
        PurgeAt(selector, kind, Last + 1);
        return Last;
    }

    /// <summary>Purges with a stamp from outside; one that comes late counts with its own.</summary>
    /// <param name="stamp">From 1.</param>
    public void PurgeAt(PurgeSelector selector, PurgeKind kind, long stamp)
    {
        Last = Math.Max(Last, stamp);
        switch (selector.Scope)
        {
            case PurgeScope.Url:
                _urls.Record(hash.Of(selector.Host, selector.Text), kind, stamp);
                break;
            case PurgeScope.Tag:
                _tags.Record(hash.Of(selector.Text), kind, stamp);
                break;
            case PurgeScope.Host:
                _hosts.Record(hash.Of(selector.Host), kind, stamp);
                break;
            case PurgeScope.Prefix:
                RecordPrefix(selector, kind, stamp);
                break;
            default:
                _all.Record(kind, stamp);
                break;
        }
    }

    /// <summary>What the purges after the capture mean for an answer.</summary>
    public PurgeVerdict Check(in PurgeTarget target, long capture)
    {
        if (capture >= Last)
            return PurgeVerdict.Kept;
        var stamps = _all;
        _urls.Include(hash.Of(target.Host, target.Path), ref stamps);
        _hosts.Include(hash.Of(target.Host), ref stamps);
        foreach (var tag in target.Tags)
            _tags.Include(hash.Of(tag), ref stamps);
        foreach (var prefix in _prefixes)
        {
            if (prefix.Selector.Matches(target))
                stamps.Include(prefix.Stamps);
        }

        if (stamps.Hard > capture)
            return PurgeVerdict.Gone;
        return stamps.Soft > capture ? PurgeVerdict.Stale : PurgeVerdict.Kept;
    }

    /// <summary>True if a purge after the capture was for one of these tags.</summary>
    public bool CheckTags(byte[][] tags, long capture)
    {
        var stamps = default(Stamps);
        foreach (var tag in tags)
            _tags.Include(hash.Of(tag), ref stamps);
        return Math.Max(stamps.Soft, stamps.Hard) > capture;
    }

    private void RecordPrefix(PurgeSelector selector, PurgeKind kind, long stamp)
    {
        var index = _prefixes.FindIndex(row => row.Selector.Host.AsSpan().SequenceEqual(selector.Host)
            && row.Selector.Text.AsSpan().SequenceEqual(selector.Text));
        var row = index < 0 ? new PrefixRow(selector, default) : _prefixes[index];
        if (index >= 0)
            _prefixes.RemoveAt(index);
        var stamps = row.Stamps;
        stamps.Record(kind, stamp);
        _prefixes.Add(row with { Stamps = stamps });
        if (_prefixes.Count <= limits.PrefixesMax)
            return;
        // It could have been for any answer.
        _all.Include(_prefixes[0].Stamps);
        _prefixes.RemoveAt(0);
    }

    private readonly record struct PrefixRow(PurgeSelector Selector, Stamps Stamps);
}
