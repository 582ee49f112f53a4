using Weir.Core.Chance;
using Weir.Core.Pooling.Leasing;

namespace Weir.Tests.Pooling.Leasing;

/// <summary>
/// Several pools of one database in virtual time, their <see cref="LeaseBook"/>s tied by one <see cref="ShareBook"/> as
/// the house ties them: some greedy without end, some now and then. Checks that the bound holds, that nobody starves,
/// and that shares come to rest.
/// </summary>
internal sealed class ShareWorld
{
    private const long LogIn = 5_000;
    private const long TransactionMax = 20_000;

    private readonly SeededRandom _chance;
    private readonly ulong _seed;
    private readonly ShareBook _share;
    private readonly List<Side> _sides = [];
    private readonly PriorityQueue<Action, (long At, int Order)> _events = new();
    private int _order;
    private long _now;
    private long _nextClient;
    private int _nextServer;
    private int _logIns;

    public ShareWorld(ulong seed)
    {
        _seed = seed;
        _chance = SeededRandom.Stream(seed, "share");
        var max = 1 + _chance.NextBelow(8);
        _share = new ShareBook(max);
        var count = 2 + _chance.NextBelow(4);
        for (var index = 0; index < count; index++)
        {
            var size = 1 + _chance.NextBelow(10);
            var min = _chance.NextBelow(4) == 0 && max > count ? _chance.NextBelow(Math.Min(size, 2) + 1) : 0;
            _sides.Add(new Side(
                new LeaseBook(new LeaseLimits { SizeMax = size, SizeMin = min }), _share.Join(min), 1 + _chance.NextBelow(6)));
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
        // A connection that goes to and fro with each transaction would show here.
        var served = _sides.Sum(side => side.Served);
        var turns = 2 + end / ShareBook.TurnMicros;
        Assert.True(_logIns <= served / 4 + _sides.Count * turns, $"seed {_seed}: {_logIns} log-ins for {served}");
    }

    private void At(long delay, Action act) => _events.Enqueue(act, (_now + delay, _order++));

    private void Arrive(Side side)
    {
        var client = ++_nextClient;
        side.Since.Add(client, _now);
        if (side.Book.Ask(client, 0, _now) is var server and not 0)
            Begin(side, client, server);
        Tend(side);
    }

    private void Begin(Side side, long client, int server)
    {
        var waited = _now - side.Since[client];
        side.Since.Remove(client);
        side.Longest = Math.Max(side.Longest, waited);
        At(1 + _chance.NextBelow((int)TransactionMax), () => End(side, server));
    }

    private void End(Side side, int server)
    {
        side.Served++;
        var since = side.Book.OldestSince;
        Report(side, 0);
        if (_share.GivesUp(side.Member, since, _now))
            side.Book.Lose();
        else if (side.Book.Return(server, 0, _now) is var next and not 0)
            Begin(side, next, server);
        Tend(side);
        // Greedy ones come back at once, others after a pause.
        At(side.Clients % 2 == 0 ? 1 : _chance.NextBelow(60_000), () => Arrive(side));
    }

    private void Tend(Side side)
    {
        Follow(side);
        for (var moves = 0; moves < 64; moves++)
        {
            if (_share.NextTaker() is { } taker)
            {
                Follow(_sides.Find(each => each.Member == taker)!);
            }
            else if (_share.NextGiver() is { } giver)
            {
                var other = _sides.Find(each => each.Member == giver)!;
                Assert.NotEqual(0, other.Book.TakeIdleSince(long.MaxValue, evenMinimum: true));
                Follow(other);
            }
            else
            {
                return;
            }
        }

        Assert.Fail($"seed {_seed}: it never comes to rest");
    }

    private void Follow(Side side)
    {
        var openings = Report(side, side.Book.OpeningsWanted(_now));
        side.Book.BeginOpenings(openings);
        for (var each = 0; each < openings; each++)
        {
            _logIns++;
            At(LogIn, () =>
            {
                var server = ++_nextServer;
                if (side.Book.Opened(server, _now) is var next and not 0)
                    Begin(side, next, server);
                Tend(side);
            });
        }
    }

    private int Report(Side side, int wants)
    {
        var book = side.Book;
        if (wants == 0)
            wants = 0;
        _share.Report(side.Member, book.Count + book.Pinned, book.IdleCount, wants, book.OldestSince);
        return wants > 0 ? _share.Take(side.Member) : 0;
    }

    private void Check()
    {
        var held = 0;
        foreach (var side in _sides)
        {
            held += side.Book.Count;
            // Its own line before it, each for one whole transaction, and a turn of each other pool.
            var bound = side.Clients * (TransactionMax + LogIn)
                + _sides.Count * (ShareBook.TurnMicros + 2 * TransactionMax + LogIn) * side.Clients;
            Assert.True(side.Book.Waiting == 0 || _now - side.Book.OldestSince <= bound,
                $"seed {_seed}: somebody has waited for {_now - side.Book.OldestSince} µs at {_now}");
        }

        Assert.True(held <= _share.Max, $"seed {_seed}: {held} of {_share.Max} at {_now}");
    }

    private sealed class Side(LeaseBook book, ShareBook.Member member, int clients)
    {
        public LeaseBook Book { get; } = book;
        public ShareBook.Member Member { get; } = member;
        public int Clients { get; } = clients;
        public Dictionary<long, long> Since { get; } = [];
        public long Served { get; set; }
        public long Longest { get; set; }
    }
}
