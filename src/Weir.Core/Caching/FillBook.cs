namespace Weir.Core.Caching;

// Who fetches which key, and who waits for it.
//
//     Arrive ─► Fetcher ──HeadStorable──► (Readers) ──Ended──► gone
//        │         │ HeadNotStorable: followers are Released, in order, and the fill is gone
//        │         │ Cede: another is Fetcher, and it is the first Follower
//        │         └ Gone before the head: the next follower is Fetcher; none: the fill is gone
//        ├─► Follower ─► Reader | Fetcher | Released | WaitedOut
//        ├─► Reader (the head is there already) ──HeadVaryMismatch──► may arrive again under another key
//        └─► Crowded
//
// Invariants
//   1. A key has at most one fill that may be joined, and a fill exactly one fetcher. A fill that a purge has made too
//      old for those who arrive after it is detached: it goes on for those who were there.
//   2. Followers stand in the order in which they arrived, and become fetcher or are told in that order; each is in the
//      line until it is told, goes, or has waited out: none is forgotten.
//   3. Followers of a key, of all keys, and fills are bounded.
//   4. A fetcher slower than the fill's patience is replaced by the first follower: its answer may still be stored, but
//      nobody waits for it.
// Owner: the live side, under its lock. Each part taken is an object of the caller's. What others have to be told is
// added to a list of the caller's, to be told after the lock is left. Times are microseconds on any one scale.

/// <summary>The decisions of coalescing: events in, parts out.</summary>
internal sealed class FillBook<TWho>(FillLimits limits, KeyHash hash)
    where TWho : class
{
    private readonly Dictionary<byte[], Line> _lines = new(new KeyBytesComparer(hash));
    private readonly Dictionary<TWho, Part> _parts = [];
    private int _open;

    /// <summary>Fills under way, detached ones too.</summary>
    public int Fills => _open;

    /// <summary>Those who wait, of all keys.</summary>
    public int Followers { get; private set; }

    /// <summary>The part that it has; None if none.</summary>
    public FillRole RoleOf(TWho who) => _parts.TryGetValue(who, out var part) ? part.Role : FillRole.None;

    /// <summary>Who fetches what it has a part in; null: it has none.</summary>
    public TWho? FetcherOf(TWho who) => _parts.TryGetValue(who, out var part) ? part.Line.Fetcher : null;

    /// <summary>Who fetches the key, for those who arrive now; null: nobody does.</summary>
    public TWho? FetcherFor(ReadOnlySpan<byte> key) =>
        _lines.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var line) ? line.Fetcher : null;

    /// <summary>The fill of the key, if there is one, is not for those who arrive from here on.</summary>
    public void Detach(ReadOnlySpan<byte> key)
    {
        if (_lines.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(key, out _, out var line))
            line.IsDetached = true;
    }

    /// <summary>True while anybody waits for this fetcher's answer or reads it.</summary>
    public bool HasOthers(TWho fetcher) => _parts.TryGetValue(fetcher, out var part) && part.Line.First is not null;

    /// <summary>When a follower has to be looked at (<see cref="Expired"/>); long.MaxValue: never.</summary>
    public long LookAt(TWho who) => _parts.TryGetValue(who, out var part) && part.Role == FillRole.Follower
        ? Math.Min(part.GiveUp, part.Line.Deadline) : long.MaxValue;

    /// <summary>Somebody wants the answer of a key.</summary>
    /// <param name="who">Not in the book.</param>
    /// <param name="patience">How long a fetcher may take to a head, if this begins the fill.</param>
    /// <param name="giveUp">The moment at which it waits no longer.</param>
    public FillRole Arrive(TWho who, ReadOnlySpan<byte> key, long now, long patience, long giveUp)
    {
        var lines = _lines.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!lines.TryGetValue(key, out var line))
        {
            if (_open >= limits.FillsMax)
                return FillRole.Crowded;
            _open++;
            line = new Line { Key = key.ToArray(), Patience = patience, Fetcher = who };
            line.Deadline = Later(now, patience);
            _lines.Add(line.Key, line);
            _parts.Add(who, new Part { Who = who, Line = line, Role = FillRole.Fetcher });
            return FillRole.Fetcher;
        }

        if (!line.HasHead && IsCrowded(line))
            return FillRole.Crowded;
        var part = new Part { Who = who, Line = line, GiveUp = giveUp };
        part.Role = line.HasHead ? FillRole.Reader : FillRole.Follower;
        _parts.Add(who, part);
        line.Append(part);
        CountFollower(part, 1);
        return part.Role;
    }

    /// <summary>
    /// The fetcher's answer has a head and may be shared: its followers read it, and so do those who arrive from here
    /// on. False: it is not the fetcher, or not any more.
    /// </summary>
    public bool HeadStorable(TWho fetcher, List<FillNews<TWho>> news)
    {
        if (FetchedBy(fetcher) is not { HasHead: false } line)
            return false;
        line.HasHead = true;
        line.Deadline = long.MaxValue;
        for (var part = line.First; part is not null; part = part.Next)
        {
            CountFollower(part, -1);
            part.Role = FillRole.Reader;
            news.Add(new FillNews<TWho>(part.Who, FillRole.Reader));
        }

        return true;
    }

    /// <summary>
    /// The fetcher's answer was purged before its head came: it is for nobody else, and the first follower fetches
    /// anew. False: it is not the fetcher, or nobody follows.
    /// </summary>
    public bool HeadOutdated(TWho fetcher, long now, List<FillNews<TWho>> news)
    {
        if (FetchedBy(fetcher) is not { HasHead: false, First: not null } line)
            return false;
        Succeed(line, now, news);
        return true;
    }

    /// <summary>
    /// Another fetches in the fetcher's place, who waits from here on, before all others: it has something to give to
    /// its client should the fetch be slow. False: it is not the fetcher, there is a head, or as many wait as may.
    /// </summary>
    /// <param name="heir">Not in the book.</param>
    /// <param name="giveUp">The moment at which the former fetcher waits no longer.</param>
    public bool Cede(TWho fetcher, TWho heir, long giveUp)
    {
        if (FetchedBy(fetcher) is not { HasHead: false } line || IsCrowded(line))
            return false;
        _parts.Remove(fetcher);
        line.Fetcher = heir;
        _parts.Add(heir, new Part { Who = heir, Line = line, Role = FillRole.Fetcher });
        var part = new Part { Who = fetcher, Line = line, Role = FillRole.Follower, GiveUp = giveUp };
        _parts.Add(fetcher, part);
        line.Prepend(part);
        CountFollower(part, 1);
        return true;
    }

    /// <summary>The fetcher's answer cannot be shared: each goes on by itself. False: as above.</summary>
    /// <param name="isError">True: it is an error, in whose place what is stored may go out.</param>
    public bool HeadNotStorable(TWho fetcher, List<FillNews<TWho>> news, bool isError = false)
    {
        if (FetchedBy(fetcher) is not { HasHead: false } line)
            return false;
        for (var part = line.First; part is not null; part = part.Next)
            news.Add(new FillNews<TWho>(part.Who, isError ? FillRole.Failed : FillRole.Released));
        Close(line);
        return true;
    }

    /// <summary>
    /// The answer's Vary does not fit this reader: it has no part in the fill any more. False: it had none.
    /// </summary>
    public bool HeadVaryMismatch(TWho reader)
    {
        if (!_parts.TryGetValue(reader, out var part) || part.Role != FillRole.Reader)
            return false;
        Leave(part);
        return true;
    }

    /// <summary>
    /// It goes, whatever its part is by now: a fetcher before its head is succeeded by the first follower; one after
    /// its head, whose answer has then failed, takes the fill with it.
    /// </summary>
    public void Gone(TWho who, long now, List<FillNews<TWho>> news)
    {
        if (!_parts.TryGetValue(who, out var part))
            return;
        if (part.Role != FillRole.Fetcher)
            Leave(part);
        else if (part.Line.HasHead)
            Close(part.Line);
        else
            Succeed(part.Line, now, news);
    }

    /// <summary>The fetcher's answer is whole. False: it is not the fetcher, or there is no head yet.</summary>
    public bool Ended(TWho fetcher)
    {
        if (FetchedBy(fetcher) is not { HasHead: true } line)
            return false;
        Close(line);
        return true;
    }

    /// <summary>
    /// A follower's moment has come (<see cref="LookAt"/>). What it is now: a Follower still, Fetcher, WaitedOut; or
    /// what it has become meanwhile.
    /// </summary>
    public FillRole Expired(TWho who, long now, List<FillNews<TWho>> news)
    {
        if (!_parts.TryGetValue(who, out var part))
            return FillRole.None;
        if (part.Role != FillRole.Follower)
            return part.Role;
        var line = part.Line;
        if (now >= part.GiveUp)
        {
            Leave(part);
            return FillRole.WaitedOut;
        }

        if (now < line.Deadline)
            return FillRole.Follower;
        var replaced = line.Fetcher;
        Succeed(line, now, news);
        news.Add(new FillNews<TWho>(replaced, FillRole.Replaced));
        return part.Role;
    }

    private bool IsCrowded(Line line) =>
        line.Followers >= limits.FollowersMax || Followers >= limits.FollowersTotalMax;

    private Line? FetchedBy(TWho who) =>
        _parts.TryGetValue(who, out var part) && part.Role == FillRole.Fetcher ? part.Line : null;

    /// <summary>The first follower fetches; without one the fill is gone.</summary>
    private void Succeed(Line line, long now, List<FillNews<TWho>> news)
    {
        if (line.First is not { } next)
        {
            Close(line);
            return;
        }

        _parts.Remove(line.Fetcher);
        CountFollower(next, -1);
        line.Remove(next);
        next.Role = FillRole.Fetcher;
        line.Fetcher = next.Who;
        line.Deadline = Later(now, line.Patience);
        news.Add(new FillNews<TWho>(next.Who, FillRole.Fetcher));
    }

    private void Leave(Part part)
    {
        CountFollower(part, -1);
        part.Line.Remove(part);
        _parts.Remove(part.Who);
    }

    private void Close(Line line)
    {
        for (var part = line.First; part is not null; part = part.Next)
        {
            CountFollower(part, -1);
            _parts.Remove(part.Who);
        }

        _parts.Remove(line.Fetcher);
        _open--;
        if (!line.IsDetached)
            _lines.Remove(line.Key);
    }

    private void CountFollower(Part part, int change)
    {
        if (part.Role != FillRole.Follower)
            return;
        Followers += change;
        part.Line.Followers += change;
    }

    private static long Later(long now, long span) => span >= long.MaxValue - now ? long.MaxValue : now + span;

    private sealed class Part
    {
        public required TWho Who { get; init; }
        public required Line Line { get; init; }
        public FillRole Role { get; set; }
        public long GiveUp { get; init; } = long.MaxValue;
        public Part? Previous { get; set; }
        public Part? Next { get; set; }
    }

    private sealed class Line
    {
        public required byte[] Key { get; init; }
        public required long Patience { get; init; }
        public long Deadline { get; set; }
        public required TWho Fetcher { get; set; }
        public bool HasHead { get; set; }
        public bool IsDetached { get; set; }
        public int Followers { get; set; }
        public Part? First { get; private set; }
        private Part? Last { get; set; }

        public void Append(Part part)
        {
            part.Previous = Last;
            if (Last is null)
                First = part;
            else
                Last.Next = part;
            Last = part;
        }

        public void Prepend(Part part)
        {
            part.Next = First;
            if (First is null)
                Last = part;
            else
                First.Previous = part;
            First = part;
        }

        public void Remove(Part part)
        {
            if (part.Previous is null)
                First = part.Next;
            else
                part.Previous.Next = part.Next;
            if (part.Next is null)
                Last = part.Previous;
            else
                part.Next.Previous = part.Previous;
            part.Previous = part.Next = null;
        }
    }
}
