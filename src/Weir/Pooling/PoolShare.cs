using System.Globalization;
using Weir.Beat;
using Weir.Core.Pooling.Leasing;

namespace Weir.Pooling;

// The bound that the pools of one database, or of one user, have together. One lock, taken within a pool's lock and
// never around one: what another pool has to do is done after all locks were left (Settle).

/// <summary>Pools that share their server connections.</summary>
/// <param name="name">The database's or the user's.</param>
internal sealed class PoolShare(ShareKind kind, string name, int max)
{
    /// <summary>
    /// What one change may set off at others. Ample for the pools of one database; the heartbeat looks again at what is
    /// left.
    /// </summary>
    private const int MovesMax = 64;

    private readonly Lock _lock = new();
    private readonly ShareBook _book = new(max);
    private readonly Dictionary<ShareBook.Member, (Pool Pool, Seat Seat)> _members = [];
    private volatile bool _isWanted;

    public ShareKind Kind => kind;

    public int Max
    {
        set
        {
            lock (_lock)
                _book.Max = value;
        }
    }

    /// <param name="guarantee">Connections that this pool has before others have more.</param>
    public Seat Join(Pool pool, int guarantee)
    {
        lock (_lock)
        {
            var member = _book.Join(guarantee);
            var seat = new Seat(this, member);
            _members.Add(member, (pool, seat));
            return seat;
        }
    }

    /// <summary>For people: that nothing is left of it; null: something is.</summary>
    public string? Full()
    {
        var (what, setting) = kind == ShareKind.User ? ("user", "pool.user-connections-max")
            : ("database", "pool.database-connections-max");
        lock (_lock)
        {
            return _book.Held < _book.Max ? null : string.Create(CultureInfo.InvariantCulture,
                $"{what} {name} has all of its {_book.Max} server connections ({setting})");
        }
    }

    /// <summary>
    /// Pools that may open a connection are told; pools that have one idle close it for those that wait.
    /// </summary>
    public void Settle()
    {
        for (var moves = 0; _isWanted && moves < MovesMax; moves++)
        {
            var now = Clock.Now;
            ShareBook.Member? taker;
            (Pool Pool, Seat Seat) one;
            lock (_lock)
            {
                taker = _book.NextTaker();
                if ((taker ?? _book.NextGiver(now)) is not { } next)
                    return;
                one = _members[next];
            }

            if (taker is not null)
                one.Pool.TakeShare();
            else if (!one.Seat.TryGivePlace(now))
                one.Pool.GiveIdle(now);
        }
    }

    /// <summary>One pool's place at it; the pool calls it within its own lock.</summary>
    internal sealed class Seat(PoolShare share, ShareBook.Member member)
    {
        public PoolShare Share => share;

        /// <summary>What the pool has and wants now. How many of those that it wants it may open.</summary>
        public int Take(int held, int idle, int wanted, long since)
        {
            lock (share._lock)
            {
                var count = share._book.Take(member, held, idle, wanted, since);
                share._isWanted = share._book.IsWanted;
                return count;
            }
        }

        /// <summary>By its other bound too, the pool opens so many of those that it took.</summary>
        public void Use(int held, int idle, int count, long since)
        {
            lock (share._lock)
            {
                share._book.Use(member, held, idle, count, since);
                share._isWanted = share._book.IsWanted;
            }
        }

        /// <summary>A place that is kept goes to another pool. False: there is none.</summary>
        public bool TryGivePlace(long now)
        {
            lock (share._lock)
            {
                var gives = share._book.TryGivePlace(member, now);
                share._isWanted = share._book.IsWanted;
                return gives;
            }
        }

        /// <summary>One more than the pool's size needs. False: others need it.</summary>
        public bool TryTakeOne()
        {
            lock (share._lock)
            {
                if (share._book.IsWanted || share._book.Held >= share._book.Max)
                    return false;
                member.Held++;
                return true;
            }
        }

        /// <summary>True: a connection that comes back is to be closed, for a pool that has waited longer.</summary>
        public bool GivesUp(long since, long now)
        {
            if (!share._isWanted)
                return false;
            lock (share._lock)
                return share._book.GivesUp(member, since, now);
        }

        public void Guarantee(int count)
        {
            lock (share._lock)
                member.Guarantee = Math.Max(1, count);
        }
    }
}
