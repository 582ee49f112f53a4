using Weir.Core.Caching;

namespace Weir.Caching;

// Who fetches, who follows: the live side of FillBook.
//
// Lock     one, around the book and the marks; held for one event. Roles are written under it, in the order in which
//          things happened; owners are raised after it is left, in the order of the line.
// A follower holds nothing: no slot, no place in the queue, no thread. It sets its deadline to LookAt and returns.
// Purges   nobody is given an answer that was purged before he came: whoever arrives after a purge of what is being
//          fetched fetches anew. Tags are known when the head is there; if one was purged since, the followers fetch
//          anew.
// Presence of the key's URL (Purges) is told before the capture is taken, so that a purge in between is seen by one or
// the other; whoever fetches is present until it has ended, also when it was replaced.

/// <summary>The fills under way on this node.</summary>
internal sealed class Fills(FillLimits limits, HitForMissLimits markLimits, Purges purges, KeyHash hash)
{
    private readonly Lock _lock = new();
    private readonly FillBook<FillPlace> _book = new(limits, hash);
    private readonly HitForMiss _marks = new(markLimits, hash);
    private List<FillNews<FillPlace>>? _spare = [];

    /// <summary>Fills under way, followers that wait, and marks of keys whose answers could not be stored.</summary>
    public (int Fills, int Followers, int Marks) Counts
    {
        get
        {
            lock (_lock)
                return (_book.Fills, _book.Followers, _marks.Count);
        }
    }

    /// <summary>
    /// An exchange wants the answer of a key that the store has not, or not fresh. Fetcher: it asks the app, after one
    /// more look into the store (<see cref="AnswerStore.FindAgain"/>), where another may have put it meanwhile.
    /// Follower: it waits until <see cref="LookAt"/>. Reader: the answer is there, if its Vary fits. Else it goes on by
    /// itself.
    /// </summary>
    /// <param name="place">New; the exchange's own.</param>
    /// <param name="key">The whole key, and behind it the values of a known Vary, if there is one.</param>
    /// <param name="parts">Where host and path lie in it.</param>
    /// <param name="now">Monotonic microseconds, as all moments here.</param>
    /// <param name="patience">How long a fetcher may take to its answer's head before another fetches.</param>
    /// <param name="giveUp">The moment at which this one waits no longer; long.MaxValue: never.</param>
    public FillRole Arrive(
        FillPlace place, ReadOnlySpan<byte> key, KeyParts parts, long now, long patience, long giveUp)
    {
        lock (_lock)
        {
            if (_marks.IsMarked(key, Millis(now)))
                return place.Role = FillRole.HitForMiss;
            if (_book.FetcherFor(key) is { } fetcher && IsOutdated(fetcher))
                _book.Detach(key);
            var role = _book.Arrive(place, key, now, patience, giveUp);
            if (role == FillRole.Fetcher)
            {
                place.Fill = new Fill(key.ToArray(), parts);
                Enter_NeedsLock(place);
            }
            else if (role != FillRole.Crowded)
            {
                place.Fill = _book.FetcherOf(place)!.Fill;
            }

            return place.Role = role;
        }
    }

    /// <summary>
    /// An exchange fetches by itself, and its answer may be stored all the same: nobody follows, but purges know of it
    /// and its capture is taken. Ends by <see cref="Gone"/>. Who goes on by itself without this must not put its answer
    /// into the store, for a purge may have passed it by.
    /// </summary>
    /// <param name="place">New, or one that goes on by itself.</param>
    public void Alone(FillPlace place, ReadOnlySpan<byte> key, KeyParts parts)
    {
        lock (_lock)
        {
            Leave_NeedsLock(place);
            place.Fill = new Fill(key.ToArray(), parts);
            Enter_NeedsLock(place);
        }
    }

    /// <summary>
    /// The fetcher's answer may be shared: followers are woken and read it, and a mark of the key goes. False: it is
    /// not the fetcher any more (too slow, or its answer was purged meanwhile); it goes on alone, and its answer may
    /// still be put into the store.
    /// </summary>
    /// <param name="answer">Its body may still grow.</param>
    public bool HeadStorable(FillPlace place, StoredAnswer answer, long now)
    {
        var news = TakeNews();
        bool isShared;
        lock (_lock)
        {
            if (purges.Check(answer) != PurgeVerdict.Kept && purges.CheckTags(answer.Tags, place.Capture)
                && _book.HeadOutdated(place, now, news))
                place.Role = FillRole.Replaced;
            isShared = _book.HeadStorable(place, news);
            if (isShared)
            {
                place.Fill!.Answer = answer;
                _marks.Clear(place.Fill.Key);
            }

            Write_NeedsLock(news);
        }

        Tell(news, null);
        return isShared;
    }

    /// <summary>
    /// Another exchange fetches in the fetcher's place, and it waits as the first of the followers. False: it is no
    /// fetcher any more, or as many wait as may; nothing has changed.
    /// </summary>
    /// <param name="heir">New; the other exchange's own.</param>
    public bool Cede(FillPlace place, FillPlace heir, long giveUp)
    {
        lock (_lock)
        {
            if (!_book.Cede(place, heir, giveUp))
                return false;
            heir.Fill = place.Fill;
            // The other's request goes out after this.
            Enter_NeedsLock(heir);
            Leave_NeedsLock(place);
            (heir.Role, place.Role) = (FillRole.Fetcher, FillRole.Follower);
            return true;
        }
    }

    /// <summary>The fetcher's answer cannot be shared: the followers go on each by itself, in order.</summary>
    /// <param name="marks">
    /// True: so will the answers after it, and for a while nobody waits for another (hit-for-miss).
    /// </param>
    /// <param name="isError">True: who has something stale serves it in the error's place.</param>
    public void HeadNotStorable(FillPlace place, bool marks, long now, bool isError = false)
    {
        var news = TakeNews();
        lock (_lock)
        {
            _book.HeadNotStorable(place, news, isError);
            Leave_NeedsLock(place);
            if (marks && place.Fill is not null)
                _marks.Mark(place.Fill.Key, Millis(now));
            place.Role = FillRole.None;
            Write_NeedsLock(news);
        }

        Tell(news, null);
    }

    /// <summary>
    /// The answer's Vary does not fit this reader: it has no part any more, and may arrive again, with a new place,
    /// under the key that the answer's Vary gives.
    /// </summary>
    public void HeadVaryMismatch(FillPlace place)
    {
        lock (_lock)
        {
            _book.HeadVaryMismatch(place);
            place.Role = FillRole.None;
        }
    }

    /// <summary>
    /// It goes, whatever it is by now, or has what it wanted; on every path but a fetcher's <see cref="Ended"/>. A
    /// fetcher that goes before its head is succeeded by the first follower; one that goes after it has failed its body
    /// first.
    /// </summary>
    public void Gone(FillPlace place, long now)
    {
        if (place.Fill is null)
            return;
        var news = TakeNews();
        lock (_lock)
        {
            _book.Gone(place, now, news);
            Leave_NeedsLock(place);
            place.Role = FillRole.None;
            Write_NeedsLock(news);
        }

        Tell(news, null);
    }

    /// <summary>The fetcher's body is whole and the store has been given the answer; a miss is a new fill.</summary>
    public void Ended(FillPlace place)
    {
        lock (_lock)
        {
            _book.Ended(place);
            Leave_NeedsLock(place);
            place.Role = FillRole.None;
        }
    }

    /// <summary>
    /// A follower's moment has come: what it is now. A follower still looks at <see cref="LookAt"/> again.
    /// </summary>
    public FillRole Expired(FillPlace place, long now)
    {
        var news = TakeNews();
        lock (_lock)
        {
            var role = _book.Expired(place, now, news);
            Write_NeedsLock(news);
            if (role == FillRole.WaitedOut)
                place.Role = role;
        }

        Tell(news, place);
        return place.Role;
    }

    /// <summary>When a follower calls <see cref="Expired"/>; long.MaxValue: never.</summary>
    public long LookAt(FillPlace place)
    {
        lock (_lock)
            return _book.LookAt(place);
    }

    /// <summary>
    /// True while anybody waits for this fetcher's answer, or reads it: it goes on without its client.
    /// </summary>
    public bool HasOthers(FillPlace place)
    {
        lock (_lock)
            return _book.HasOthers(place);
    }

    /// <summary>An answer of one that went on by itself could be stored after all: the key's mark goes.</summary>
    public void ClearMark(ReadOnlySpan<byte> key)
    {
        lock (_lock)
            _marks.Clear(key);
    }

    /// <summary>A purge since the fetch began is for what is being fetched, as far as is known.</summary>
    private bool IsOutdated(FillPlace fetcher)
    {
        if (fetcher.Capture == purges.Last)
            return false;
        var fill = fetcher.Fill!;
        return fill.Answer is { } answer
            ? purges.Check(answer) != PurgeVerdict.Kept
            : purges.CheckTarget(new PurgeTarget(fill.Host, fill.Path, []), fetcher.Capture) != PurgeVerdict.Kept;
    }

    private static long Millis(long micros) => micros / 1000;

    private void Enter_NeedsLock(FillPlace place)
    {
        purges.Enter(place.Fill!.Host, place.Fill.Path);
        place.IsPresent = true;
        place.Capture = purges.Last;
    }

    private void Leave_NeedsLock(FillPlace place)
    {
        if (place.IsPresent)
            purges.Leave(place.Fill!.Host, place.Fill.Path);
        place.IsPresent = false;
    }

    private void Write_NeedsLock(List<FillNews<FillPlace>> news)
    {
        foreach (var (place, role) in news)
        {
            // Its request goes out after this.
            if (role == FillRole.Fetcher)
                Enter_NeedsLock(place);
            place.Role = role;
        }
    }

    private List<FillNews<FillPlace>> TakeNews() => Interlocked.Exchange(ref _spare, null) ?? [];

    private void Tell(List<FillNews<FillPlace>> news, FillPlace? self)
    {
        foreach (var (place, _) in news)
        {
            if (!ReferenceEquals(place, self))
                place.Owner.Raise();
        }

        news.Clear();
        Volatile.Write(ref _spare, news);
    }
}
