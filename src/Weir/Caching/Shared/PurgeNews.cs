using System.Threading.Channels;
using Weir.Beat;
using Weir.Core.Caching.Shared;

namespace Weir.Caching.Shared;

// The purges of all nodes, as one node hears of them and tells of its own.
//
// Order: the book knows a purge a moment before it is carried out here. A fill that begins in between has a stamp that
// is true (it asks the app after the purge) and counts as purged here, which costs a hit. Who awaits a round sees both
// done.
// Bounds: an answer out of the shared store is judged by every purge that was in the store when it was read (its state
// is read after the value, on the same connection). What a node holds itself hears of a purge by a message, usually
// within a millisecond; where the message is lost, at the next poll: PollEvery + AnswerTimeMax while the store can be
// reached. While it cannot, a node hears nothing and its own purges wait (at most PendingMax; then one for everything).

/// <summary>One loop reads and tells; everything else only leaves word for it.</summary>
internal sealed class PurgeNews : IAsyncDisposable
{
    /// <summary>
    /// Entries of the store's log; a node that missed more takes everything for purged, and so an answer from before
    /// them. Every unsafe request makes one, and each is compared with an answer's key, some tens of nanoseconds.
    /// </summary>
    public const int LogMax = 4096;

    /// <summary>Own purges that may wait for the store.</summary>
    public const int PendingMax = 1024;

    /// <summary>Readings in one round; each is another try after something changed meanwhile.</summary>
    private const int ReadingsMax = 4;

    /// <summary>Most gaps are of a few purges.</summary>
    private const int EntriesFirst = 16;

    private readonly Lock _lock = new();
    private readonly ISharedStore _store;
    private readonly Action<PurgeNotice> _whenPurged;
    private readonly Action<SharedMessage, string> _say;
    private readonly PurgeBook _book;
    private readonly long _pollMicros;
    private readonly Channel<byte> _word =
        Channel.CreateBounded<byte>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly TaskCompletionSource _firstContact = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<bool> _nextRound = NewRound();
    private long _confirmedOn;
    private long _confirmedAt = long.MinValue;
    private long _nextPoll = long.MinValue;
    private Task _loop = Task.CompletedTask;

    /// <param name="node">Another for each node and each start; not 0.</param>
    /// <param name="whenPurged">
    /// Carries out a purge on what this node holds; on a pool thread, one at a time, in the order of the purges. A
    /// node's own purges do not come back. Must not throw.
    /// </param>
    public PurgeNews(
        ISharedStore store,
        SharedOptions options,
        long node,
        Action<PurgeNotice> whenPurged,
        Action<SharedMessage, string> say)
    {
        (_store, _whenPurged, _say) = (store, whenPurged, say);
        _book = new PurgeBook(node, LogMax);
        _pollMicros = Clock.Micros(options.PollEvery);
        store.WhenNews = Wake;
    }

    /// <summary>Told of every fault of Weir's own.</summary>
    public Action<Exception>? WhenFault { get; set; }

    /// <summary>
    /// Done once the store's purges are known for the first time. All that was filled before counts as purged then, so
    /// warm-ups wait for it, a second at most.
    /// </summary>
    public Task FirstContact => _firstContact.Task;

    /// <summary>When a fill begins, its stamp is taken here, and goes with the answer.</summary>
    public PurgeStamp Stamp
    {
        get
        {
            lock (_lock)
                return _book.Stamp;
        }
    }

    /// <summary>
    /// The moment, on <see cref="Clock"/>, for which all purges are known; long.MinValue: none yet.
    /// </summary>
    public long ConfirmedAt => Volatile.Read(ref _confirmedAt);

    /// <summary>The connection on which the book was last found to agree with the store; 0: none.</summary>
    public long ConfirmedOn => Volatile.Read(ref _confirmedOn);

    /// <summary>Own purges that the store does not have yet.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _book.Pending.Count;
        }
    }

    public void Start() => _loop = RunAsync();

    public void Tick(long now)
    {
        if (now < _nextPoll)
            return;
        _nextPoll = now + _pollMicros;
        Wake();
    }

    /// <summary>
    /// Tells the other nodes of a purge that this node has carried out on what it holds. Returns at once; the task ends
    /// when the store has it, or does not answer (two rounds of <see cref="SharedOptions.AnswerTimeMax"/> at most).
    /// </summary>
    /// <param name="selector">At most <see cref="PurgeEntry.SelectorBytesMax"/> bytes; empty: everything.</param>
    public async Task<PurgeTelling> TellAsync(ReadOnlyMemory<byte> selector, PurgeDepth depth)
    {
        if (selector.Length > PurgeEntry.SelectorBytesMax)
            return PurgeTelling.TooLong;
        Task<bool> round;
        long number;
        lock (_lock)
        {
            _book.Add(selector.ToArray(), depth, PendingMax);
            number = _book.OwnPurges;
            round = _nextRound.Task;
        }

        Wake();
        if (_store.Connection == 0 || !await round.ConfigureAwait(false))
            return PurgeTelling.Waiting;
        lock (_lock)
            return _book.Pending.Any(entry => entry.Number <= number) ? PurgeTelling.Waiting : PurgeTelling.Told;
    }

    /// <summary>How the book stands to a state that was just read.</summary>
    public PurgeStanding Compare(PurgePage page)
    {
        lock (_lock)
            return _book.Compare(page);
    }

    /// <summary>Ends after the next whole round: true if all purges up to this call are known and carried
    /// out.</summary>
    public Task<bool> CatchUpAsync()
    {
        Task<bool> round;
        lock (_lock)
            round = _nextRound.Task;
        Wake();
        return round;
    }

    /// <summary>See <see cref="PurgeBook.Since"/> and <see cref="PurgeBook.Judge"/>.</summary>
    public PurgeVerdict Judge(PurgeStamp stamp, Func<ReadOnlyMemory<byte>, bool> matches)
    {
        IReadOnlyList<PurgeEntry>? since;
        lock (_lock)
            since = _book.Since(stamp);
        return PurgeBook.Judge(since, matches);
    }

    /// <summary>See <see cref="PurgeBook.Settle"/>.</summary>
    public PurgeStamp Settle(PurgeStamp stamp)
    {
        lock (_lock)
            return _book.Settle(stamp);
    }

    public async ValueTask DisposeAsync()
    {
        _word.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        _nextRound.TrySetResult(false);
    }

    private void Wake() => _word.Writer.TryWrite(0);

    private async Task RunAsync()
    {
        await Task.Yield();
        while (await _word.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            _word.Reader.TryRead(out _);
            TaskCompletionSource<bool> round;
            lock (_lock)
                (round, _nextRound) = (_nextRound, NewRound());
            var isKnown = false;
            try
            {
                isKnown = await ReadAsync().ConfigureAwait(false) && await TellPendingAsync().ConfigureAwait(false);
            }
            catch (Exception fault)
            {
                WhenFault?.Invoke(fault);
            }

            round.TrySetResult(isKnown);
        }
    }

    /// <summary>Reads until this node knows what the store knows; false where that cannot be had now.</summary>
    private async Task<bool> ReadAsync()
    {
        var entries = 0;
        for (var reading = 0; reading < ReadingsMax; reading++)
        {
            var asked = Clock.Now;
            var (fault, page, connection) = await _store.ReadPurgesAsync(entries).ConfigureAwait(false);
            if (fault != SharedFault.None)
                return false;
            var standing = Take(page!);
            if (standing == PurgeStanding.Same)
            {
                Volatile.Write(ref _confirmedAt, asked);
                Volatile.Write(ref _confirmedOn, connection);
                _firstContact.TrySetResult();
                return true;
            }

            entries = entries == 0 && standing == PurgeStanding.Behind ? EntriesFirst : LogMax;
            if (standing != PurgeStanding.Astray)
                continue;
            _say(SharedMessage.EraBegun, "");
            if (await _store.BeginEraAsync(Random.Shared.NextInt64(1, long.MaxValue)).ConfigureAwait(false)
                != SharedFault.None)
                return false;
        }

        return false;
    }

    private PurgeStanding Take(PurgePage page)
    {
        var notices = new List<PurgeNotice>();
        PurgeStanding standing;
        lock (_lock)
            standing = page.Newest is null ? _book.Compare(page) : _book.Take(page, notices);
        foreach (var notice in notices)
        {
            if (notice.IsEverything && notice.Cause != PurgeCause.Told)
                _say(SharedMessage.EverythingPurged, "");
            _whenPurged(notice);
        }

        return standing;
    }

    private async Task<bool> TellPendingAsync()
    {
        var told = 0;
        while (true)
        {
            PurgeEntry? next;
            lock (_lock)
                next = _book.Pending.Skip(told).FirstOrDefault();
            if (next is null)
                return told == 0 || await ReadAsync().ConfigureAwait(false);
            if (await _store.AddPurgeAsync(next).ConfigureAwait(false) != SharedFault.None)
                return false;
            told++;
        }
    }

    private static TaskCompletionSource<bool> NewRound() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
