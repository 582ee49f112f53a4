using System.Security.Cryptography;
using Weir.Core.Caching;
using Weir.Spill;

namespace Weir.Caching;

// Answers in memory.
//
// Looking up   one lock of a stripe of the index, for as long as it takes to compare a key; nothing is allocated. Being
//              used is two stores in the answer and one ask in the sketch, both without a lock.
// Changing     under _lock, one at a time; within it the index's stripe locks and the purges' lock, never the other way
//              round.
//              The eviction order hears of uses only when somebody has to go: who was used since it was placed is moved
//              up then, and another is looked at (second chance).
// Budget       the costs of all answers stored ≤ BytesMax after every change. Bodies under way have a budget of their
//              own.
// Let go       an answer that is let go leaves the index; who serves it goes on, since the collector owns its bytes.

/// <summary>The memory tier.</summary>
internal sealed partial class AnswerStore
{
    /// <summary>
    /// How many answers are moved up for one that comes; past it those used lately are no longer spared.
    /// </summary>
    private const int SecondChancesMax = 128;

    private readonly Lock _lock = new();
    private readonly StoreIndex _index = new();
    private readonly StoreLimits _limits;
    private readonly Purges _purges;
    private readonly KeyHash _hash;
    private readonly FrequencySketch _sketch;
    private readonly EvictionOrder _order;
    private readonly Stack<int> _freeHandles = new();
    private readonly List<int> _victims = [];
    private StoredAnswer?[] _answers = new StoredAnswer?[64];
    private int _handles;
    private int _sweepAt;
    private StoreCounts _counts;

    public AnswerStore(StoreLimits limits, Purges purges, KeyHash hash)
    {
        _limits = limits;
        _purges = purges;
        _hash = hash;
        // An entry of 4 KiB is on the small side; with fewer entries than counters the sketch only errs less.
        _sketch = new FrequencySketch((int)Math.Clamp(limits.BytesMax / 4096, 1024, 1 << 20));
        _order = new EvictionOrder(limits.BytesMax);
        UnderWay = new Budget(limits.UnderWayMax);
    }

    /// <summary>Memory of bodies under way, for <see cref="StoredBody"/>.</summary>
    public Budget UnderWay { get; }

    /// <summary>Bytes of one answer at most.</summary>
    public long AnswerBytesMax => Math.Min(_limits.AnswerBytesMax, _limits.BytesMax / 8);

    public StoreCounts Counts
    {
        get
        {
            lock (_lock)
                return _counts with { Answers = _order.Count, Bytes = _order.Weight };
        }
    }

    /// <summary>A hash that nobody outside can foresee.</summary>
    public static KeyHash DrawHash() => new(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));

    public ulong Hash(ReadOnlySpan<byte> key) => _hash.Of(key);

    /// <summary>
    /// What is stored of a key, the newest first; the caller chooses by Vary and looks at <see cref="Purges.Check"/>.
    /// Counts as an ask, so it is called once a request. The answers stay readable whatever becomes of them in the
    /// store.
    /// </summary>
    public ReadOnlySpan<StoredAnswer> Find(ulong hash, ReadOnlySpan<byte> key)
    {
        _sketch.Increment(hash);
        return _index.Find(hash, key);
    }

    /// <summary>As <see cref="Find"/>, for a second look at the same request.</summary>
    public ReadOnlySpan<StoredAnswer> FindAgain(ulong hash, ReadOnlySpan<byte> key) => _index.Find(hash, key);

    /// <summary>The answer is served.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public static void Use(StoredAnswer answer, long now) => answer.Use(now);

    /// <summary>
    /// Takes an answer whose body is whole. One of the same key and variant goes; others go if it is asked for more
    /// than each of them. Its fill's end is told after this, so that who comes in between finds one or the other.
    /// </summary>
    public PutResult Put(StoredAnswer answer, long now)
    {
        lock (_lock)
        {
            var result = Put_NeedsLock(answer, now);
            _counts = result switch
            {
                PutResult.Stored => _counts with { Stored = _counts.Stored + 1 },
                PutResult.Replaced => _counts with { Replaced = _counts.Replaced + 1 },
                PutResult.TooLarge => _counts with { TooLarge = _counts.TooLarge + 1 },
                PutResult.NotAdmitted => _counts with { NotAdmitted = _counts.NotAdmitted + 1 },
                PutResult.Outdated => _counts with { Outdated = _counts.Outdated + 1 },
                _ => _counts with { Purged = _counts.Purged + 1 },
            };
            return result;
        }
    }

    /// <summary>
    /// Another form of a stored answer takes its place (a 304, a HEAD): same key, same variant, usually the same body.
    /// False: the former is not stored any more, or this is too large, or purged; nothing changes, and who has it may
    /// still serve it.
    /// </summary>
    public bool Replace(StoredAnswer former, StoredAnswer next, long now)
    {
        lock (_lock)
        {
            var cost = next.Cost;
            if (former.Handle == EvictionOrder.None || cost > AnswerBytesMax || !next.Body.HasEnded
                || _purges.Check(next) == PurgeVerdict.Gone)
                return false;
            next.Succeed(former);
            (next.Handle, former.Handle) = (former.Handle, EvictionOrder.None);
            _answers[next.Handle] = next;
            SetVariants_NeedsLock(next, former, next);
            Enter(next);
            Leave(former);
            _order.Reweigh(next.Handle, cost);
            MakeRoom_NeedsLock(now, 0, null, next);
            return next.Handle != EvictionOrder.None;
        }
    }

    /// <summary>Lets an answer go. False: it is not stored.</summary>
    public bool Remove(StoredAnswer answer)
    {
        lock (_lock)
        {
            if (answer.Handle == EvictionOrder.None)
                return false;
            Drop_NeedsLock(answer);
            _counts = _counts with { Purged = _counts.Purged + 1 };
            return true;
        }
    }

    private PutResult Put_NeedsLock(StoredAnswer answer, long now)
    {
        var cost = answer.Cost;
        if (cost > AnswerBytesMax || !answer.Body.HasEnded || !answer.Body.IsKept)
            return PutResult.TooLarge;
        if (_purges.Check(answer) == PurgeVerdict.Gone)
            return PutResult.Purged;
        var former = FormerOf(answer);
        if (former is not null && _purges.Check(former) < _purges.Check(answer))
            return PutResult.Outdated;
        if (former is not null)
        {
            // What is in use keeps its place: the new one is asked for as the former was.
            answer.Succeed(former);
            Drop_NeedsLock(former);
        }

        if (!MakeRoom_NeedsLock(now, cost, former is null ? answer : null, null))
            return PutResult.NotAdmitted;
        DropVariants_NeedsLock(answer);
        answer.Handle = TakeHandle();
        _answers[answer.Handle] = answer;
        _order.Add(answer.Handle, cost);
        SetVariants_NeedsLock(answer, null, answer);
        Enter(answer);
        return former is null ? PutResult.Stored : PutResult.Replaced;
    }

    private StoredAnswer? FormerOf(StoredAnswer answer)
    {
        foreach (var variant in _index.Find(answer.Hash, answer.Key))
        {
            if (variant.VaryNames.AsSpan().SequenceEqual(answer.VaryNames)
                && variant.VaryValues.AsSpan().SequenceEqual(answer.VaryValues))
                return variant;
        }

        return null;
    }

    /// <summary>Lets the variant go that was of use longest ago, where there are too many.</summary>
    private void DropVariants_NeedsLock(StoredAnswer answer)
    {
        var variants = _index.Find(answer.Hash, answer.Key);
        if (variants.Length < _limits.VariantsMax)
            return;
        var oldest = variants[0];
        foreach (var variant in variants)
        {
            if (LastOf(variant) < LastOf(oldest))
                oldest = variant;
        }

        Drop_NeedsLock(oldest);
        _counts = _counts with { VariantsDropped = _counts.VariantsDropped + 1 };
    }

    private static long LastOf(StoredAnswer answer) => Math.Max(answer.UsedAt, answer.Figures.StoredAt);

    private void Drop_NeedsLock(StoredAnswer answer)
    {
        SetVariants_NeedsLock(answer, answer, null);
        _order.Remove(answer.Handle);
        _answers[answer.Handle] = null;
        _freeHandles.Push(answer.Handle);
        answer.Handle = EvictionOrder.None;
        Leave(answer);
    }

    /// <summary>One variant goes, another comes to the front.</summary>
    private void SetVariants_NeedsLock(StoredAnswer of, StoredAnswer? leaves, StoredAnswer? comes)
    {
        var variants = _index.Find(of.Hash, of.Key);
        var next = new StoredAnswer[variants.Length + (comes is null ? 0 : 1) - (leaves is null ? 0 : 1)];
        var count = 0;
        if (comes is not null)
            next[count++] = comes;
        foreach (var variant in variants)
        {
            if (!ReferenceEquals(variant, leaves))
                next[count++] = variant;
        }

        _index.Set(of.Hash, of.Key, next);
    }

    private int TakeHandle()
    {
        if (_freeHandles.TryPop(out var handle))
            return handle;
        if (_handles == _answers.Length)
            Array.Resize(ref _answers, _handles * 2);
        return _handles++;
    }

    private void Enter(StoredAnswer answer) =>
        _purges.Enter(answer.Parts.Host(answer.Key), answer.Parts.Path(answer.Key));

    private void Leave(StoredAnswer answer) =>
        _purges.Leave(answer.Parts.Host(answer.Key), answer.Parts.Path(answer.Key));
}
