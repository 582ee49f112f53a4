using Weir.Core.Caching;

namespace Weir.Caching;

/// <summary>
/// The purges of this node: a purge is a stamp, compared when an answer is read. While nothing was purged since an
/// answer was last looked at, that is one comparison.
/// </summary>
internal sealed class Purges(GenerationLimits limits, KeyHash hash)
{
    private readonly Lock _lock = new();
    private readonly Generations _generations = new(limits, hash);
    private readonly Dictionary<ulong, int> _present = [];
    private long _last;

    /// <summary>The last stamp: what a fill captures when it begins, before its request goes out.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Purges what is stored and what is being fetched; the stamp.</summary>
    public long Purge(PurgeSelector selector, PurgeKind kind)
    {
        lock (_lock)
        {
            var stamp = _generations.Purge(selector, kind);
            Volatile.Write(ref _last, stamp);
            return stamp;
        }
    }

    /// <summary>
    /// Purges one URL where anything of it is stored or being fetched on this node: for what every unsafe method does.
    /// False: there was nothing.
    /// </summary>
    public bool PurgePresent(ReadOnlySpan<byte> host, ReadOnlySpan<byte> path, PurgeKind kind)
    {
        lock (_lock)
        {
            if (!_present.ContainsKey(hash.Of(host, path)))
                return false;
            Volatile.Write(ref _last, _generations.Purge(PurgeSelector.Url(host, path), kind));
            return true;
        }
    }

    /// <summary>What the purges since its fill began mean for an answer.</summary>
    public PurgeVerdict Check(StoredAnswer answer)
    {
        var last = Last;
        var looked = answer.LookedAt;
        var known = (looked & 1) != 0 ? PurgeVerdict.Stale : PurgeVerdict.Kept;
        var upTo = Math.Max(looked >> 1, answer.Capture);
        if (upTo >= last)
            return known;
        PurgeVerdict verdict;
        lock (_lock)
        {
            last = _last;
            verdict = _generations.Check(answer.Target, upTo);
        }

        verdict = verdict > known ? verdict : known;
        if (verdict != PurgeVerdict.Gone)
            answer.LookedAt = last << 1 | (verdict == PurgeVerdict.Stale ? 1L : 0);
        return verdict;
    }

    /// <summary>What the purges since the capture mean for something that is not stored.</summary>
    public PurgeVerdict CheckTarget(in PurgeTarget target, long capture)
    {
        lock (_lock)
            return _generations.Check(target, capture);
    }

    /// <summary>True if a purge since the capture was for one of these tags.</summary>
    public bool CheckTags(byte[][] tags, long capture)
    {
        lock (_lock)
            return _generations.CheckTags(tags, capture);
    }

    /// <summary>Something of this URL is stored, or being fetched, once more.</summary>
    internal void Enter(ReadOnlySpan<byte> host, ReadOnlySpan<byte> path)
    {
        lock (_lock)
        {
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
                _present, hash.Of(host, path), out _)++;
        }
    }

    internal void Leave(ReadOnlySpan<byte> host, ReadOnlySpan<byte> path)
    {
        lock (_lock)
        {
            var url = hash.Of(host, path);
            if (_present.TryGetValue(url, out var count) && count > 1)
                _present[url] = count - 1;
            else
                _present.Remove(url);
        }
    }
}
