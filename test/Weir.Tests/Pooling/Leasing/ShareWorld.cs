using Weir.Core.Chance;
using Weir.Core.Pooling.Leasing;

namespace Weir.Tests.Pooling.Leasing;

/// <summary>
/// Several pools of one database in virtual time, their <see cref="LeaseBook"/>s tied by one <see cref="ShareBook"/> as
/// the house ties them: some greedy without end, some now and then. Crossed: pools of two users in two databases, tied
/// by a book for each of the four. Checks that the bounds hold, that nobody starves, and that shares come to rest.
/// </summary>
internal sealed class ShareWorld
{
    private const long LogIn = 5_000;
    private const long TransactionMax = 20_000;

    private readonly SeededRandom _chance;
    private readonly ulong _seed;
    private readonly ShareBook[] _shares;
    private readonly bool _isCrossed;
    private readonly List<Side> _sides = [];
    private readonly PriorityQueue<Action, (long At, int Order)> _events = new();
    private int _order;
    private long _now;
    private long _nextClient;
    private int _nextServer;
    private int _logIns;

    public ShareWorld(ulong seed, bool isCrossed = false)
    {
        (_seed, _isCrossed) = (seed, isCrossed);
        _chance = SeededRandom.Stream(seed, "share");
        var max = 1 + _chance.NextBelow(8);
        var count = isCrossed ? 4 : 2 + _chance.NextBelow(4);
        // Crossed: two users, then two databases.
        _shares = [new ShareBook(max)];
        if (isCrossed)
            _shares = [.. _shares, .. Enumerable.Range(0, 3).Select(_ => new ShareBook(1 + _chance.NextBelow(8)))];
        for (var index = 0; index < count; index++)
        {
            var size = 1 + _chance.NextBelow(10);
            var min = _chance.NextBelow(4) == 0 && max > count ? _chance.NextBelow(Math.Min(size, 2) + 1) : 0;
            var book = new LeaseBook(new LeaseLimits { SizeMax = size, SizeMin = min });
            ShareBook[] shares = isCrossed ? [_shares[index / 2], _shares[2 + (index % 2)]] : _shares;
            _sides.Add(new Side(
                book, [.. shares.Select(share => (share, share.Join(min)))], clients: 1 + _chance.NextBelow(6)));
        }
    }

    public void Run()
    {
        const long end = 2_500_000;
        foreach (var side in _sides)
        {
            for (var client = 0; client < side.Clients; client++)
                At(_chance.NextBelow(50_000), () => Arrive(side));
        }

        for (long tick = 100_000; tick < end; tick += 100_000)
            At(tick, () => _sides.ForEach(Tend));
        while (_events.TryDequeue(out var act, out var when) && when.At < end)
        {
            _now = when.At;
            act();
            Check();
        }

        foreach (var side in _sides)
            Assert.True(side.Served > 0, $"seed {_seed}: a pool was never served");
        // A connection that goes to and fro with each transaction would show here. Where there are hardly more than
        // pools, those that are quiet now and then hand one on each time.
        var served = _sides.Sum(side => side.Served);
        var turns = 2 + end / ShareBook.TurnMicros;
        Assert.True(_isCrossed || _shares[0].Max < 2 * _sides.Count || _logIns <= served / 4 + _sides.Count * turns,
            $"seed {_seed}: {_logIns} log-ins for {served}");
    }

    private void At(long delay, Action act) => _events.Enqueue(act, (_now + delay, _order++));

    private void Arrive(Side side)
    {
        var client = ++_nextClient;
        if (side.Book.Ask(client, 0, _now) is var server and not 0)
            Begin(side, server);
        Tend(side);
    }

    private void Begin(Side side, int server)
    {
        At(1 + _chance.NextBelow((int)TransactionMax), () => End(side, server));
    }

    private void End(Side side, int server)
    {
        side.Served++;
        var since = side.Book.OldestSince;
        if (side.Seats.Any(seat => seat.Share.GivesUp(seat.Member, since, _now)))
            side.Book.Lose();
        else if (side.Book.Return(server, 0, _now) is not 0)
            Begin(side, server);
        Tend(side);
        // Greedy ones come back at once, others after a pause.
        At(side.Clients % 2 == 0 ? 1 : _chance.NextBelow(60_000), () => Arrive(side));
    }

    private void Tend(Side side)
    {
        Follow(side);
        foreach (var (share, _) in side.Seats)
            Settle(share);
    }

    private void Settle(ShareBook share)
    {
        for (var moves = 0; moves < 64; moves++)
        {
            if (share.NextTaker() is { } taker)
            {
                Follow(Of(taker));
            }
            else if (share.NextGiver(_now) is { } giver)
            {
                if (share.TryGivePlace(giver, _now))
                    continue;
                Assert.NotEqual(0, Of(giver).Book.TakeIdleSince(long.MaxValue, evenMinimum: true));
                Follow(Of(giver));
            }
            else
            {
                return;
            }
        }

        Assert.Fail($"seed {_seed}: it never comes to rest");
    }

    private Side Of(ShareBook.Member member) =>
        _sides.Find(each => each.Seats.Any(seat => seat.Member == member))!;

    private void Follow(Side side)
    {
        var openings = Take(side, side.Book.OpeningsWanted(_now));
        side.Book.BeginOpenings(openings);
        for (var each = 0; each < openings; each++)
        {
            _logIns++;
            At(LogIn, () =>
            {
                var server = ++_nextServer;
                if (side.Book.Opened(server, _now) is not 0)
                    Begin(side, server);
                Tend(side);
            });
        }
    }

    private static int Take(Side side, int wants)
    {
        var (held, idle, since) = (side.Book.Count, side.Book.IdleCount, side.Book.OldestSince);
        var count = wants;
        foreach (var (share, member) in side.Seats)
            count = share.Take(member, held, idle, count, since);
        foreach (var (share, member) in side.Seats)
            share.Use(member, held, idle, count, since);
        return count;
    }

    private void Check()
    {
        foreach (var side in _sides)
        {
            // Its own line before it, each for one whole transaction, and a turn of each other pool; crossed, a turn at
            // both of its books.
            var bound = side.Clients * (TransactionMax + LogIn)
                + side.Seats.Count * _sides.Count * (ShareBook.TurnMicros + 2 * TransactionMax + LogIn) * side.Clients;
            Assert.True(side.Book.Waiting == 0 || _now - side.Book.OldestSince <= bound,
                $"seed {_seed}: somebody has waited for {_now - side.Book.OldestSince} µs at {_now}");
        }

        foreach (var share in _shares)
        {
            var held = _sides.Where(side => side.Seats.Any(seat => seat.Share == share)).Sum(side => side.Book.Count);
            Assert.True(held <= share.Max, $"seed {_seed}: {held} of {share.Max} at {_now}");
        }
    }

    private sealed class Side(
        LeaseBook book, IReadOnlyList<(ShareBook Share, ShareBook.Member Member)> seats, int clients)
    {
        public LeaseBook Book { get; } = book;
        public IReadOnlyList<(ShareBook Share, ShareBook.Member Member)> Seats { get; } = seats;
        public int Clients { get; } = clients;
        public long Served { get; set; }
    }
}
