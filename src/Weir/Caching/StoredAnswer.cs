using Weir.Core.Caching;
using Weir.Core.Http;

namespace Weir.Caching;

/// <summary>
/// An answer as it is stored. What it says never changes: a validation (304) makes another that shares its body and
/// takes its place. Beside that it carries small counts of the store's, which may be a little wrong.
/// </summary>
internal sealed class StoredAnswer
{
    /// <summary>
    /// What an answer takes beside its bytes: this object, its parsed head, its arrays' headers, its place in index,
    /// order and presence.
    /// </summary>
    public const int Overhead = 1024;

    private long _lookedAt;
    private long _usedAt;
    private long _hits;

    /// <summary>The whole key. Never changed once given.</summary>
    public required byte[] Key { get; init; }

    /// <summary>The key's hash (<see cref="AnswerStore.Hash"/>).</summary>
    public required ulong Hash { get; init; }

    /// <summary>Where host and path lie in the key.</summary>
    public required KeyParts Parts { get; init; }

    /// <summary>The names of its Vary (<see cref="Core.Caching.VaryNames"/>); empty: it has none.</summary>
    public byte[] VaryNames { get; init; } = [];

    /// <summary>The values that its request had for them (<see cref="Core.Caching.VaryValues"/>).</summary>
    public byte[] VaryValues { get; init; } = [];

    /// <summary>The head as it is stored (<see cref="StoredHeadWriter"/>), parsed over bytes of its own.</summary>
    public required ResponseHead Head { get; init; }

    public required StoredBody Body { get; init; }

    /// <summary>Bytes of body that the app announced; −1: it did not. What comes short of it has failed.</summary>
    public long Announced { get; init; } = -1;

    /// <summary>What decides whether it may be used.</summary>
    public required StoredFigures Figures { get; init; }

    /// <summary>
    /// The moment after which it is of no use, not even to be asked about: the first to be let go. Unix milliseconds.
    /// </summary>
    public long KeepUntil { get; init; } = long.MaxValue;

    /// <summary>True for one that another node fetched.</summary>
    public bool IsFromTier { get; init; }

    /// <summary>The one language that it says it is in; empty: none, or several lines.</summary>
    public ReadOnlySpan<byte> Language
    {
        get
        {
            for (var index = 0; index < Head.Fields.Count; index++)
            {
                ref readonly var line = ref Head.Fields[index];
                if (System.Text.Ascii.EqualsIgnoreCase(Head.NameOf(line), "content-language"u8))
                    return Head.ValueOf(line);
            }

            return default;
        }
    }

    /// <summary>What it can be purged by; without repeats.</summary>
    public byte[][] Tags { get; init; } = [];

    /// <summary>The stamp at which its fill began (<see cref="Purges.Last"/>).</summary>
    public required long Capture { get; init; }

    /// <summary>How long the app took for it, microseconds: what a hit saves.</summary>
    public long FillMicros { get; set; }

    public PurgeTarget Target => new(Parts.Host(Key), Parts.Path(Key), Tags);

    /// <summary>How often it was served since it was stored, or its first form was.</summary>
    public long Hits => Volatile.Read(ref _hits);

    /// <summary>When it was served last, Unix milliseconds; 0: never.</summary>
    public long UsedAt => Volatile.Read(ref _usedAt);

    /// <summary>Bytes that it takes in all.</summary>
    public long Cost
    {
        get
        {
            var bytes = Overhead + Key.LongLength + Head.Length + VaryNames.LongLength + VaryValues.LongLength
                + Body.MemoryBytes + 20L * Head.Fields.Count;
            foreach (var tag in Tags)
                bytes += tag.Length + 32;
            return bytes;
        }
    }

    /// <summary>Its place in the eviction order; −1: not stored. The store's, under its lock for changes.</summary>
    internal int Handle { get; set; } = EvictionOrder.None;

    /// <summary>The <see cref="UsedAt"/> that the eviction order has taken into account.</summary>
    internal long OrderedAt { get; set; }

    /// <summary>
    /// Twice the stamp up to which purges were looked at, plus one if one of them made it stale. One word, so that any
    /// thread may replace it: what is lost is a look.
    /// </summary>
    internal long LookedAt
    {
        get => Volatile.Read(ref _lookedAt);
        set => Volatile.Write(ref _lookedAt, value);
    }

    /// <summary>A kept head, read. It may say nothing of a length: the body knows it.</summary>
    public static ResponseHead Read(byte[] head)
    {
        var shown = new ResponseHead();
        var read = ResponseParser.Parse(
            head, 0, head.Length, HttpVerb.Get, GateLimits.Default, shown, out var fault);
        return read == ParseResult.Complete ? shown
            : throw new InvalidOperationException($"A kept head cannot be read: {fault}");
    }

    /// <summary>Until when an answer is of any use: as a stale one, or to ask the app about.</summary>
    public static long KeptUntil(in StoredFigures figures, CachePolicy policy)
    {
        const long day = 24 * 3_600_000;
        var stale = Math.Max(figures.StaleWhileRevalidate, figures.StaleIfError);
        stale = Math.Max(stale, (long)policy.StaleIfDisconnected.TotalMilliseconds);
        if (figures.Is(StoredFlags.HasValidator))
            stale = Math.Max(stale, day);
        return figures.BornAt + figures.Lifetime + stale;
    }

    /// <summary>The same body under another head: what a 304 makes.</summary>
    public StoredAnswer With(byte[] head, in StoredFigures figures, CachePolicy policy, long capture) => new()
    {
        Key = Key,
        Hash = Hash,
        Parts = Parts,
        VaryNames = VaryNames,
        VaryValues = VaryValues,
        Head = Read(head),
        Figures = figures,
        Body = Body,
        Announced = Announced,
        KeepUntil = KeptUntil(figures, policy),
        Tags = Tags,
        Capture = capture,
        FillMicros = FillMicros,
    };

    internal void Use(long now)
    {
        Volatile.Write(ref _hits, _hits + 1);
        Volatile.Write(ref _usedAt, now);
    }

    /// <summary>Takes over the counts of the form whose place it takes.</summary>
    internal void Succeed(StoredAnswer former)
    {
        _hits = former._hits;
        _usedAt = former._usedAt;
        OrderedAt = former.OrderedAt;
    }
}
