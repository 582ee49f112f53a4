using Weir.Core.Caching;
using Weir.Core.Http;

namespace Weir.Caching;

/// <summary>What all exchanges share of the cache; one a house.</summary>
internal sealed partial class CacheRoom
{
    public CacheRoom(CacheOptions options)
    {
        Options = options;
        var hash = AnswerStore.DrawHash();
        Purges = new Purges(new GenerationLimits(), hash);
        Invalidations = new RecentInvalidations(hash);
        Store = new AnswerStore(
            new StoreLimits
            {
                BytesMax = options.MemoryMax,
                AnswerBytesMax = options.AnswerMax,
                UnderWayMax = options.MemoryMax,
            },
            Purges, hash);
        Searches = new SearchBook(hash);
        Files = new StoredFiles(options.MemoryMax / 8);
        Fills = new Fills(
            new FillLimits { FollowersTotalMax = options.FollowersMax }, new HitForMissLimits(), Purges, hash);
    }

    public CacheOptions Options { get; }
    public AnswerStore Store { get; }
    public Purges Purges { get; }
    public Fills Fills { get; }
    public StoredFiles Files { get; }
    public SearchBook Searches { get; }
    public CacheCounts Counts { get; } = new();
    public Credentials Credentials { get; } = new();

    /// <summary>Fetches that nobody waits for; set by the house, which can make exchanges.</summary>
    public BackgroundFetches? Background { get; set; }

    /// <summary>What is kept warm; set by the house as well.</summary>
    public Warmer? Warmer { get; set; }

    /// <summary>
    /// What answers to unsafe methods have made stale: who asked before, and was not known to <see cref="Purges"/>, may
    /// not store what it got.
    /// </summary>
    public RecentInvalidations Invalidations { get; }

    /// <summary>What an answer to an unsafe method makes stale.</summary>
    public void Invalidate(RequestHead head, ResponseHead response, bool isTls, CachePolicy policy)
    {
        Span<byte> url = stackalloc byte[CacheKeyWriter.BytesMax];
        var target = url[..Invalidation.WriteTarget(head, isTls, policy, url)];
        if (TrySplit(target, out _, out var path))
        {
            foreach (var group in CacheGroups.ReadInvalidation(response, target[..^path.Length]))
                Purge(PurgeSelector.Tag(group), PurgeKind.Soft);
        }

        Purge(target);
        Purge(url[..Invalidation.WriteLocation(head, response, isTls, policy, url)]);
        Purge(url[..Invalidation.WriteContentLocation(head, response, isTls, policy, url)]);
    }

    /// <summary>Lines of Weir-Purge that could not be read, or were too many of one answer.</summary>
    public long PurgeLinesUnread => Interlocked.Read(ref _purgeLinesUnread);

    private long _purgeLinesUnread;

    /// <summary>What the app's answer says in Weir-Purge.</summary>
    public void PurgeAsSaid(RequestHead head, ResponseHead response, bool isTls, CachePolicy policy)
    {
        Span<byte> url = stackalloc byte[CacheKeyWriter.BytesMax];
        // Where the request has no URL that a key could have, tags can still be said.
        TrySplit(url[..Invalidation.WriteTarget(head, isTls, policy, url)], out var host, out _);
        var lines = 0;
        for (var index = 0; index < response.Fields.Count; index++)
        {
            ref readonly var line = ref response.Fields[index];
            if (line.Known != KnownField.Weir || !PurgeField.IsNamed(response.NameOf(line)))
                continue;
            var selector = PurgeField.Read(response.ValueOf(line), host, out var isHard);
            var kind = isHard ? PurgeKind.Hard : PurgeKind.Soft;
            if (selector is null || ++lines > PurgeField.LinesMax)
                Interlocked.Increment(ref _purgeLinesUnread);
            else if (selector.Scope == PurgeScope.Url)
                PurgeUrl(selector, kind);
            else
                Purge(selector, kind);
        }
    }

    /// <summary>Lets go what is of no use any more; each second.</summary>
    public void Sweep(long now)
    {
        Store.Sweep(now);
        Files.Sweep();
        Credentials.Sweep(now);
    }

    private void Purge(ReadOnlySpan<byte> url)
    {
        if (TrySplit(url, out var host, out var target))
            PurgeUrl(PurgeSelector.Url(host, target), PurgeKind.Soft);
    }

    /// <summary>False, and both empty: it is not written, or has no host or no path.</summary>
    private static bool TrySplit(
        ReadOnlySpan<byte> url, out ReadOnlySpan<byte> host, out ReadOnlySpan<byte> target)
    {
        host = target = default;
        var scheme = url.IndexOf("://"u8);
        if (scheme < 0)
            return false;
        var rest = url[(scheme + 3)..];
        var path = rest.IndexOf((byte)'/');
        if (path < 0)
            return false;
        host = rest[..path];
        target = rest[path..];
        return true;
    }

    private void PurgeUrl(PurgeSelector url, PurgeKind kind)
    {
        Shared?.Tell(url, kind);
        PurgeHere(url, kind);
    }

    private void PurgeHere(PurgeSelector url, PurgeKind kind)
    {
        foreach (var spelling in Spellings(url))
        {
            // Told before it is looked who is there: an answer that is put in between finds one or the other.
            Invalidations.Add(spelling.Host, spelling.Text);
            Purges.PurgePresent(spelling.Host, spelling.Text, kind);
        }
    }

    /// <summary>
    /// A URL as it came, and as it is in the keys of those pages whose answers have said what of the query counts.
    /// </summary>
    private List<PurgeSelector> Spellings(PurgeSelector selector)
    {
        List<PurgeSelector> all = [selector];
        if (selector.Scope != PurgeScope.Url)
            return all;
        foreach (var scheme in (ReadOnlySpan<string>)["http://", "https://"])
        {
            if (Searches.Respell(scheme, selector) is { } other
                && !all.Exists(one => one.Text.SequenceEqual(other.Text)))
                all.Add(other);
        }

        return all;
    }
}
