using System.Security.Cryptography;
using System.Text;
using Weir.Beat;
using Weir.Core.Caching.Shared;

namespace Weir.Caching.Shared;

// A look: value and state of purges (one round trip) → purges that are new are read first → whole key and seal compared
// → judged by the purges since its stamp. What it gives was not purged when it was read; what it cannot prove is a
// miss.

/// <summary>
/// Whole answers in a store that nodes share. A store that is down, slow or lies costs hits, and nothing else: nothing
/// here throws for what it does, and a look takes at most twice <see cref="SharedOptions.Patience"/> and a tick.
/// </summary>
internal sealed class SharedTier : IAsyncDisposable
{
    /// <summary>Clocks of nodes may differ by so much; what comes from further ahead is not used.</summary>
    public const long ClockSkewMax = 10_000;

    private readonly ISharedStore _store;
    private readonly SharedOptions _options;
    private readonly SharedSeal _seal;
    private readonly byte[] _prefix;
    private readonly Func<ReadOnlyMemory<byte>, SharedAnswer, bool> _matches;

    /// <param name="matches">Whether a purge's selector means an answer; on a pool thread, must not throw.</param>
    /// <param name="whenPurged">See <see cref="PurgeNews"/>.</param>
    public SharedTier(
        ISharedStore store,
        SharedOptions options,
        Func<ReadOnlyMemory<byte>, SharedAnswer, bool> matches,
        Action<PurgeNotice> whenPurged,
        Action<SharedMessage, string> say)
    {
        (_store, _options, _matches) = (store, options, matches);
        _seal = new SharedSeal(Encoding.UTF8.GetBytes(options.Secret));
        _prefix = Encoding.ASCII.GetBytes(options.Prefix + ":a:1:");
        News = new PurgeNews(store, options, Random.Shared.NextInt64(1, long.MaxValue), whenPurged, say);
    }

    public PurgeNews News { get; }
    public SharedCounters Counters { get; } = new();

    /// <summary>False: a look would fail at once.</summary>
    public bool IsUp => _store.Connection != 0;

    /// <summary>Unix milliseconds.</summary>
    private static long UnixNow => Clock.ToUnix(Clock.Now) / 1000;

    public void Start()
    {
        News.Start();
        _store.Start();
    }

    /// <summary>Each 20 ms, from the heartbeat.</summary>
    public void Tick(long now)
    {
        _store.Tick(now);
        News.Tick(now);
    }

    /// <summary>
    /// Looks for an answer. May be called on any thread, never blocks it, and goes on on the thread pool. What this
    /// node knows of purges by its own generations is to be captured before the call: a purge that comes meanwhile then
    /// counts.
    /// </summary>
    /// <param name="key">Whole; not changed until the task ends.</param>
    /// <param name="varyKey">Empty where no names are known yet.</param>
    /// <param name="varyKeyFor">
    /// Gives the Vary key of this request for the names of the stored answers; null or empty from it: there is none.
    /// </param>
    public async Task<SharedLook> GetAsync(
        ReadOnlyMemory<byte> key,
        ReadOnlyMemory<byte> varyKey,
        Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? varyKeyFor)
    {
        if (_store.Connection == 0)
            return Counters.Count(new SharedLook(SharedEnd.Fault, null, SharedFault.Down));
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var look = await LookAsync(key, varyKey, varyKeyFor).ConfigureAwait(false);
        return Counters.Count(look);
    }

    /// <summary>
    /// Offers an answer. Its bytes must not change until the task ends. On any thread, which it never blocks.
    /// </summary>
    /// <param name="answer">Its stamp is the one taken from <see cref="PurgeNews.Stamp"/> when its fill began.</param>
    public async Task<SharedPut> PutAsync(SharedAnswer answer)
    {
        if (_store.Connection == 0)
            return Counters.Count(SharedPut.Fault, SharedFault.Down);
        if (SharedAnswerFormat.BytesOf(answer) > _options.ValueBytesMax)
            return Counters.Count(SharedPut.TooBig, SharedFault.None);
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var lifetime = Math.Min(
            answer.ResponseAt + answer.UsefulFor - UnixNow, (long)_options.LifetimeMax.TotalMilliseconds);
        if (lifetime <= 0)
            return Counters.Count(SharedPut.OutOfTime, SharedFault.None);
        answer = answer with { Stamp = News.Settle(answer.Stamp) };
        // On another connection than the book was compared on, the store may not be what it was.
        var connection = News.ConfirmedOn;
        if (connection != _store.Connection || Judge(answer) != PurgeVerdict.Untouched)
            return Counters.Count(SharedPut.Purged, SharedFault.None);
        var fault = await StoreAsync(answer, lifetime, connection).ConfigureAwait(false);
        return Counters.Count(fault == SharedFault.None ? SharedPut.Stored : SharedPut.Fault, fault);
    }

    /// <summary>Ends both; requests under way end as cut.</summary>
    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync().ConfigureAwait(false);
        await News.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<SharedFault> StoreAsync(SharedAnswer answer, long lifetime, long connection)
    {
        var put = _store.PutAsync(
            NameOf(answer.Key.Span, answer.VaryKey.Span), SharedAnswerFormat.Write(answer, _seal), lifetime,
            connection);
        if (answer.VaryKey.IsEmpty)
            return await put.ConfigureAwait(false);
        var varies = _store.PutAsync(
            NameOf(answer.Key.Span, []), SharedAnswerFormat.WriteVaries(answer, _seal), lifetime, connection);
        var fault = await put.ConfigureAwait(false);
        var other = await varies.ConfigureAwait(false);
        return fault != SharedFault.None ? fault : other;
    }

    private async Task<SharedLook> LookAsync(
        ReadOnlyMemory<byte> key,
        ReadOnlyMemory<byte> varyKey,
        Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? varyKeyFor)
    {
        var fetch = await _store.FetchAsync(NameOf(key.Span, varyKey.Span)).ConfigureAwait(false);
        if (fetch.Fault != SharedFault.None)
            return new SharedLook(SharedEnd.Fault, null, fetch.Fault);
        if (fetch.Value.IsEmpty)
            return Without(SharedEnd.Absent);
        switch (SharedAnswerFormat.Read(fetch.Value, key.Span, varyKey.Span, _seal, out var answer))
        {
            case SharedAnswerRead.Answer:
                return await JudgeAsync(answer!, fetch.Purges!).ConfigureAwait(false);
            case SharedAnswerRead.Varies when varyKey.IsEmpty && varyKeyFor is not null:
                var own = varyKeyFor(answer!.VaryNames);
                return own.IsEmpty ? Without(SharedEnd.Absent)
                    : await LookAsync(key, own, null).ConfigureAwait(false);
            case SharedAnswerRead.Varies:
                return Without(SharedEnd.Absent);
            default:
                return Without(SharedEnd.Unusable);
        }
    }

    private async Task<SharedLook> JudgeAsync(SharedAnswer answer, PurgePage purges)
    {
        var now = UnixNow;
        if (answer.ResponseAt > now + ClockSkewMax || answer.ResponseAt + answer.UsefulFor <= now)
            return Without(SharedEnd.OutOfTime);
        if (News.Compare(purges) != PurgeStanding.Same)
        {
            var round = News.CatchUpAsync();
            Task patience = round.WaitAsync(_options.Patience);
            await patience.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!round.IsCompletedSuccessfully || !await round.ConfigureAwait(false))
                return Without(SharedEnd.Unsure);
        }

        return Judge(answer) switch
        {
            PurgeVerdict.Untouched => new SharedLook(SharedEnd.Found, answer, SharedFault.None),
            PurgeVerdict.Soft => new SharedLook(SharedEnd.FoundPurged, answer, SharedFault.None),
            _ => Without(SharedEnd.Gone),
        };
    }

    private PurgeVerdict Judge(SharedAnswer answer) =>
        News.Judge(answer.Stamp, selector => _matches(selector, answer));

    private static SharedLook Without(SharedEnd end) => new(end, null, SharedFault.None);

    /// <summary>The name only finds; what is under it has the whole key.</summary>
    private byte[] NameOf(ReadOnlySpan<byte> key, ReadOnlySpan<byte> varyKey)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(key.Length));
        hash.AppendData(key);
        hash.AppendData(varyKey);
        return [.. _prefix, .. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16)))];
    }
}
