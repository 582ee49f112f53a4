using Weir.Beat;
using Weir.Core.Pooling.Leasing;

namespace Weir.Pooling;

// The bound that the pools of one database have together. One lock, taken within a pool's lock and never around one: what
// another pool has to do is done after all locks were left (Settle).

/// <summary>The pools of one database that share its connections.</summary>
internal sealed class DatabaseShare(int max)
{
    /// <summary>
    /// What one change may set off at others. Ample for the pools of one database; the heartbeat looks again at what is
    /// left.
    /// </summary>
    private const int MovesMax = 64;

    private readonly Lock _lock = new();
    private readonly ShareBook _book = new(max);
    private readonly Dictionary<ShareBook.Member, Pool> _pools = [];
    private volatile bool _isWanted;

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
            _pools.Add(member, pool);
            return new Seat(this, member);
        }
    }

    /// <summary>Pools that may open a connection are told; pools that have one idle close it for those that wait.</summary>
    public void Settle()
    {
        for (var moves = 0; _isWanted && moves < MovesMax; moves++)
        {
            Pool? taker = null;
            Pool? giver = null;
            lock (_lock)
            {
                if (_book.NextTaker() is { } first)
                    taker = _pools[first];
                else if (_book.NextGiver() is { } other)
                    giver = _pools[other];
            }

            if (taker is null && giver is null)
                return;
            taker?.TakeShare();
            giver?.GiveIdle(Clock.Now);
        }
    }

    /// <summary>One pool's place at it; the pool calls it within its own lock.</summary>
    internal sealed class Seat(DatabaseShare share, ShareBook.Member member)
    {
        public DatabaseShare Share => share;

        /// <summary>What the pool has and wants now. How many of those that it wants it may open.</summary>
        public int Take(int held, int idle, int wanted, long since)
        {
            lock (share._lock)
            {
                share._book.Report(member, held, idle, wanted, since);
                var count = wanted > 0 ? share._book.Take(member) : 0;
                share._isWanted = share._book.IsWanted;
                return count;
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
