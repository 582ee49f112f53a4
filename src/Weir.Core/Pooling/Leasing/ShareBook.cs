namespace Weir.Core.Pooling.Leasing;

// How the pools of one database, or of one user, share the connections that it may have in all.
//
// Goal: no pool starves, and no connection idles or goes to and fro while somebody could use it.
//  1. A pool with demand has at least its guarantee (one connection; its warm minimum if that is more) before any pool
//     has more than that.
//  2. What is above the guarantees goes to the pool whose first client has waited longest.
//  3. Where nothing is left, a pool that waits is given what another does not use (an idle connection, of the pool with
//     the most above its guarantee first; within a fair share only after TurnMicros, or by a pool that has none), else
//     what another gives back that has more than its fair share, at least two more than who waits, and whose own first
//     client came later. So shares come to differ by one at most, and then rest: a connection that is closed here and
//     opened there costs a log-in.
//  4. With more pools than connections there is no share for all. Then they take turns: a connection that comes back
//     goes to a pool that has none once that has waited for TurnMicros, if its first client came before those of the
//     pool that gives.
//  5. A pool that has part in two books takes of one after the other, and opens what both allow. What the second does
//     not allow goes back to the first, but for one place: else, where both are used up, it would be given a connection
//     of one while the other has none, and then of the other while the first has none again, and wait for ever. A place
//     that is kept counts as a connection that idles: who has waited for it for TurnMicros gets it, and then the pool
//     that had it waits anew.
// Owner: whoever has its lock. What a pool reports replaces what it said before.

/// <summary>The decisions about one such bound: numbers in, answer out. Times in microseconds.</summary>
/// <param name="max">Connections of all pools together, those being opened and those that are pinned too.</param>
internal sealed class ShareBook(int max)
{
    /// <summary>
    /// How long a pool without any connection waits before another hands it one of its own turn. 100 ms: a log-in with
    /// SCRAM takes 5 to 10, so taking turns costs a tenth at most.
    /// </summary>
    public const long TurnMicros = 100_000;

    private readonly List<Member> _members = [];

    public int Max { get; set; } = max;

    public int Held
    {
        get
        {
            var held = 0;
            foreach (var member in _members)
                held += member.Held;
            return held;
        }
    }

    /// <summary>True while some pool wants a connection that it has not.</summary>
    public bool IsWanted { get; private set; }

    /// <param name="guarantee">Connections that it has before others have more; at least 1.</param>
    public Member Join(int guarantee)
    {
        var member = new Member { Guarantee = Math.Max(1, guarantee) };
        _members.Add(member);
        return member;
    }

    public void Leave(Member member)
    {
        _members.Remove(member);
        Note();
    }

    /// <summary>What a pool has and wants now.</summary>
    /// <param name="held">Connections, those being opened and those that are pinned too.</param>
    /// <param name="idle">Of them, those that nobody uses.</param>
    /// <param name="wants">How many more it would open now.</param>
    /// <param name="since">When its first client asked; long.MaxValue: nobody waits.</param>
    public void Report(Member member, int held, int idle, int wants, long since)
    {
        (member.Held, member.Idle, member.Wants) = (held, idle, wants);
        member.Since = Math.Max(since, member.Behind);
        Note();
    }

    /// <summary>As <see cref="Report"/>; and how many the pool may open now, as far as this book goes.</summary>
    public int Take(Member member, int held, int idle, int wants, long since)
    {
        member.Kept = Math.Min(member.Kept, wants);
        Report(member, held + member.Kept, idle + member.Kept, wants - member.Kept, since);
        return member.Granted = member.Kept + (member.Wants > 0 ? Take(member) : 0);
    }

    /// <summary>The pool opens so many of those that it took: its other book does not allow more.</summary>
    /// <param name="held">As it told when it took them.</param>
    public void Use(Member member, int held, int idle, int count, long since)
    {
        member.Kept = count == 0 ? Math.Min(1, member.Granted) : 0;
        var wants = member.Granted > count ? 0 : member.Wants;
        Report(member, held + count + member.Kept, idle + member.Kept, wants, since);
    }

    /// <summary>A place that the pool keeps is free for another. False: it keeps none.</summary>
    public bool TryGivePlace(Member member, long now)
    {
        if (member.Kept == 0)
            return false;
        (member.Kept, member.Behind) = (0, now);
        Report(member, member.Held - 1, member.Idle - 1, member.Wants, member.Since);
        return true;
    }

    /// <summary>How many of those that it wants the pool may open now; they count as held from here on.</summary>
    public int Take(Member member)
    {
        var free = Max - Held;
        var count = 0;
        // What others come before for is left to them, and they are told of it (NextTaker).
        foreach (var each in _members)
            each.Promised = 0;
        for (; free > 0 && First(evenPromised: true) is { } first; free--)
        {
            first.Promised++;
            if (first == member)
                count++;
        }

        member.Held += count;
        member.Wants -= count;
        Note();
        return count;
    }

    /// <summary>The pool that may open a connection now, and should be told so; null: there is none.</summary>
    public Member? NextTaker() => IsWanted && Held < Max ? First(evenPromised: false) : null;

    /// <summary>
    /// The pool that has to close an idle connection, so that another may open one; null: there is none.
    /// </summary>
    public Member? NextGiver(long now)
    {
        if (!IsWanted || Held < Max || First(evenPromised: false) is not { } taker)
            return null;
        Member? giver = null;
        foreach (var member in _members)
        {
            if (member == taker || member.Idle == 0)
                continue;
            if (member.Kept > 0 && now - taker.Since < TurnMicros)
                continue;
            // What idles within a fair share may be wanted again at once: only who has nothing gets it without a wait.
            if (taker.Held > 0 && now - taker.Since < TurnMicros && member.Held <= FairShare(member, taker))
                continue;
            // Nobody's warm minimum goes, but where the other has nothing at all.
            if (member.Held <= member.Guarantee && member.Guarantee > 1 && taker.Held > 0)
                continue;
            if (giver is null || member.Held - member.Guarantee > giver.Held - giver.Guarantee)
                giver = member;
        }

        return giver;
    }

    /// <summary>
    /// A connection comes back to this pool. True: it is to be closed, so that a pool that has waited longer may open
    /// one.
    /// </summary>
    /// <param name="since">When the pool's own first client asked; long.MaxValue: nobody waits.</param>
    public bool GivesUp(Member member, long since, long now)
    {
        if (!IsWanted || Held < Max)
            return false;
        foreach (var taker in _members)
        {
            if (taker == member || taker.Wants <= 0 || taker.Since >= since)
                continue;
            var isTurn = taker.Held == 0 && now - taker.Since >= TurnMicros;
            if (isTurn || member.Held > taker.Held + 1 && member.Held > FairShare(member, taker))
                return true;
        }

        return false;
    }

    /// <summary>An equal part for each pool with demand, but no less than what is guaranteed.</summary>
    private int FairShare(Member member, Member taker)
    {
        var count = 0;
        foreach (var each in _members)
            count += each == member || each == taker || each.Wants > 0 || each.Held > each.Idle ? 1 : 0;
        return Math.Max(member.Guarantee, Max / count);
    }

    /// <summary>Who comes next: who lacks of its guarantee before who does not, and then who waits longest.</summary>
    private Member? First(bool evenPromised)
    {
        Member? first = null;
        foreach (var member in _members)
        {
            var promised = evenPromised ? member.Promised : 0;
            if (member.Wants <= promised)
                continue;
            if (first is null)
            {
                first = member;
                continue;
            }

            var lacks = member.Held + promised < member.Guarantee;
            var firstLacks = first.Held + (evenPromised ? first.Promised : 0) < first.Guarantee;
            if (lacks != firstLacks ? lacks : member.Since < first.Since)
                first = member;
        }

        return first;
    }

    private void Note()
    {
        var isWanted = false;
        foreach (var member in _members)
            isWanted |= member.Wants > 0;
        IsWanted = isWanted;
    }

    /// <summary>One pool, as it has reported itself.</summary>
    internal sealed class Member
    {
        public int Guarantee { get; set; }
        public int Held { get; set; }
        public int Idle { get; set; }
        public int Wants { get; set; }
        public long Since { get; set; } = long.MaxValue;

        /// <summary>What it was given when it took last.</summary>
        public int Granted { get; set; }

        /// <summary>1: a place that was taken, and is kept while the other book has none.</summary>
        public int Kept { get; set; }

        /// <summary>When it gave such a place to another: it counts as waiting since then.</summary>
        public long Behind { get; set; } = long.MinValue;

        /// <summary>Within one decision: openings that it comes before others for.</summary>
        public int Promised { get; set; }
    }
}
