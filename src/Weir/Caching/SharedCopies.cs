using System.Runtime.CompilerServices;
using Weir.Beat;
using Weir.Caching.Shared;
using Weir.Core.Caching;
using Weir.Core.Caching.Shared;
using Weir.Core.Http;

namespace Weir.Caching;

// The cache's side of the shared tier.
//
// Looks    begun by a fetcher (CacheTurn.Shared.cs), after this node's own stamp of purges was taken; the exchange is
//          raised at the end. The request's head is copied, since its connection may be at another by then.
// Puts     after this node has stored the answer itself, with the stamp of what was known when its request went out.
// Purges   made here: told, then carried out (CacheRoom). Made elsewhere: CacheRoom.PurgeFromAfar, on a pool thread.
// Nothing here makes a caller wait, and nothing is lost with the tier but hits.

/// <summary>Answers that nodes share, as the cache room uses them.</summary>
internal sealed class SharedCopies : IAsyncDisposable
{
    /// <summary>Longer values are of no variant, as in a turn of this node's own.</summary>
    public const int VaryBytesMax = 2048;

    /// <summary>Warm-ups wait for the first contact so long, and no longer.</summary>
    private static readonly long s_firstContactMax = Clock.Micros(TimeSpan.FromSeconds(1));

    private static readonly TimeSpan s_farewellMax = TimeSpan.FromSeconds(1);

    private readonly CacheRoom _room;
    private readonly SharedOptions _options;
    private readonly long _waitMax;
    private readonly ConditionalWeakTable<CachePolicy, byte[]> _marks = new();
    private long _startedAt = long.MaxValue;

    public SharedCopies(
        CacheRoom room, SharedOptions options, ISharedStore store, Action<SharedMessage, string> say)
    {
        (_room, _options) = (room, options);
        // Two round trips where answers vary, and the ticks that end what is late.
        _waitMax = 2 * Clock.Micros(options.Patience) + 50_000;
        Tier = new SharedTier(
            store,
            options,
            (selector, answer) => SharedKey.IsPurgedBy(selector.Span, answer.Key.Span, answer.Tags.Span),
            WhenPurged,
            say);
    }

    public SharedTier Tier { get; }

    /// <summary>For people: where it is, without the password.</summary>
    public string Address => _options.Url?.Shown ?? "";

    public bool IsUp => Tier.IsUp;

    /// <summary>Told of every fault of Weir's own.</summary>
    public Action<Exception>? WhenFault
    {
        get => Tier.News.WhenFault;
        set => Tier.News.WhenFault = value;
    }

    /// <summary>What is known of purges at this moment: taken when a request goes to the app.</summary>
    public PurgeStamp Stamp => Tier.News.Stamp;

    public void Start(long now)
    {
        Volatile.Write(ref _startedAt, now);
        Tier.Start();
    }

    /// <summary>
    /// Whatever is fetched before the first contact counts as purged at it, so warm-ups wait a moment.
    /// </summary>
    public bool MayWarm(long now) =>
        Tier.News.FirstContact.IsCompleted || now - Volatile.Read(ref _startedAt) >= s_firstContactMax;

    /// <summary>Begins a look; null: there is no tier to look into now.</summary>
    /// <param name="capture">This node's purges, taken before.</param>
    /// <param name="clock">The house's.</param>
    public SharedAsk? Ask(
        Driven owner, RequestHead head, ReadOnlySpan<byte> key, ulong hash, KeyParts parts, CachePolicy policy,
        long capture, long clock)
    {
        if (!IsUp)
        {
            Tier.Counters.Count(new SharedLook(SharedEnd.Fault, null, SharedFault.Down));
            return null;
        }

        var ask = new SharedAsk(owner, clock + _waitMax);
        _ = LookAsync(ask, head.Bytes.ToArray(), key.ToArray(), hash, parts, policy, capture);
        return ask;
    }

    /// <summary>Puts an answer of this node's where other nodes find it.</summary>
    public void Offer(StoredAnswer answer, CachePolicy policy, PurgeStamp stamp)
    {
        if (!IsUp)
            Tier.Counters.Count(SharedPut.Fault, SharedFault.Down);
        else if (SharedForm.Of(answer, SharedKey.Of(MarkOf(policy), answer.Key), stamp) is { } shared)
            _ = Tier.PutAsync(shared);
    }

    /// <summary>
    /// Tells the other nodes of a purge that this one is about to carry out; from the return on, nothing out of the
    /// tier passes for newer.
    /// </summary>
    public void Tell(PurgeSelector selector, PurgeKind kind)
    {
        var bytes = selector.ToBytes() ?? Wider(selector)?.ToBytes();
        if (bytes is not null)
            _ = Tier.News.TellAsync(bytes, kind == PurgeKind.Hard ? PurgeDepth.Hard : PurgeDepth.Soft);
    }

    /// <summary>Ends within a moment: what is not told by then is lost with this node's memory.</summary>
    public async ValueTask DisposeAsync()
    {
        if (IsUp && Tier.News.Waiting > 0)
        {
            Task told = Tier.News.CatchUpAsync();
            await told.WaitAsync(s_farewellMax).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Tier.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>What is too long to be told is told by its beginning; null: no answer could match it.</summary>
    private static PurgeSelector? Wider(PurgeSelector selector)
    {
        var room = PurgeSelector.BytesMax - 3 - selector.Host.Length;
        return selector.Scope is PurgeScope.Url or PurgeScope.Prefix && room >= 0
            ? PurgeSelector.Prefix(selector.Host, selector.Text.AsSpan(0, Math.Min(room, selector.Text.Length))) : null;
    }

    private async Task LookAsync(
        SharedAsk ask, byte[] head, byte[] key, ulong hash, KeyParts parts, CachePolicy policy, long capture)
    {
        StoredAnswer? found = null;
        try
        {
            var look = await Tier.GetAsync(
                SharedKey.Of(MarkOf(policy), key), default, names => VaryKeyFor(head, names.Span, policy))
                .ConfigureAwait(false);
            if (look.Answer is { } answer)
            {
                found = SharedForm.Read(
                    answer, key, hash, parts, policy, capture, look.End == SharedEnd.FoundPurged);
            }
        }
        catch (Exception fault)
        {
            WhenFault?.Invoke(fault);
        }

        ask.End(found);
    }

    /// <summary>Empty: no variant can be this request's.</summary>
    private static ReadOnlyMemory<byte> VaryKeyFor(byte[] bytes, ReadOnlySpan<byte> names, CachePolicy policy)
    {
        var head = new RequestHead();
        var limits = GateLimits.Default with { HostRequired = false, ReportOnly = true };
        if (RequestParser.Parse(bytes, 0, bytes.Length, limits, head, out _) != ParseResult.Complete)
            return default;
        Span<byte> values = stackalloc byte[VaryBytesMax];
        var count = VaryValues.Write(head, names, policy, values);
        return count < 0 ? default : SharedForm.VaryKey(values[..count]);
    }

    private byte[] MarkOf(CachePolicy policy) => _marks.GetValue(policy, SharedKey.MarkOf);

    private void WhenPurged(PurgeNotice notice) => _room.PurgeFromAfar(
        PurgeSelector.Read(notice.Selector.Span) ?? PurgeSelector.All,
        notice.Depth == PurgeDepth.Hard ? PurgeKind.Hard : PurgeKind.Soft);
}
