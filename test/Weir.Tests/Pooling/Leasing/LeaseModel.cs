using Weir.Core.Chance;
using Weir.Core.Pooling.Leasing;

namespace Weir.Tests.Pooling.Leasing;

/// <summary>
/// A pool in plain lists, driven at random beside the <see cref="LeaseBook"/>: after every step both must say the same.
/// </summary>
internal sealed class LeaseModel
{
    private readonly SeededRandom _chance;
    private readonly ulong _seed;
    private readonly LeaseLimits _limits;
    private readonly LeaseBook _book;
    private readonly List<(int Server, long KeptFor, long Since)> _idle = [];
    private readonly List<(long Client, long Since)> _line = [];
    private readonly List<int> _leased = [];
    private readonly List<int> _pinned = [];
    private int _opening;
    private bool _isFailing;
    private long _now;
    private long _nextClient;
    private int _nextServer;

    public LeaseModel(ulong seed)
    {
        _seed = seed;
        _chance = SeededRandom.Stream(seed, "lease");
        var size = 1 + _chance.NextBelow(5);
        _limits = new LeaseLimits
        {
            SizeMax = size,
            SizeMin = _chance.NextBelow(size + 1),
            ReserveMax = _chance.NextBelow(3),
            ReserveAfter = 60,
            PinsMax = _chance.NextBelow(4),
            OpeningMax = 1 + _chance.NextBelow(4),
            RetryAfter = 50,
            RetryAfterMax = 200,
        };
        _book = new LeaseBook(_limits);
    }

    private int Count => _idle.Count + _leased.Count + _opening;

    public void Run(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            _now += _chance.NextBelow(40);
            Act(_chance.NextBelow(11));
            Open();
            while (ServeLine())
                continue;
            Check(step);
        }
    }

    private void Act(int what)
    {
        switch (what)
        {
            case 0 or 1 or 2:
                Ask();
                break;
            case 3 or 4 when _leased.Count > 0:
                Return();
                break;
            case 5 when _opening > 0:
                Opened();
                break;
            case 6 when _opening > 0 && _chance.NextBelow(3) == 0:
                Fail();
                break;
            case 7 when _line.Count > 0:
                Leave();
                break;
            case 8 when _leased.Count > 0:
                Pin();
                break;
            case 9 when _pinned.Count > 0:
                Unpin();
                break;
            case 10:
                Lose();
                break;
        }
    }

    private void Ask()
    {
        var client = ++_nextClient;
        var last = _chance.NextBelow(_nextServer + 1);
        var pick = last == 0 ? -1 : _idle.FindIndex(one => one.Server == last && one.KeptFor == 0);
        if (pick < 0)
            pick = _idle.FindLastIndex(one => one.KeptFor == 0);
        if (pick < 0 && _idle.Count > 0 && (Count >= _limits.SizeMax || _isFailing))
            pick = 0;
        var expected = pick < 0 ? 0 : _idle[pick].Server;
        Assert.Equal(expected, _book.Ask(client, last, _now));
        if (pick < 0)
        {
            _line.Add((client, _now));
            return;
        }

        _idle.RemoveAt(pick);
        _leased.Add(expected);
    }

    private void Return()
    {
        var server = Take(_leased);
        if (_book.HasTooMany)
        {
            Assert.True(Count + 1 > _limits.SizeMax, $"seed {_seed}");
            _book.Lose();
            return;
        }

        var keptFor = _chance.NextBelow(3) == 0 ? _nextClient : 0;
        GiveOrKeep(_book.Return(server, keptFor, _now), server, keptFor);
    }

    private void Opened()
    {
        _opening--;
        _isFailing = false;
        var server = ++_nextServer;
        GiveOrKeep(_book.Opened(server, _now), server, 0);
    }

    private void GiveOrKeep(long given, int server, long keptFor)
    {
        var stays = _line.Count == 0 || (keptFor != 0 && !_isFailing && _line.Count <= _opening);
        Assert.Equal(stays ? 0 : _line[0].Client, given);
        if (stays)
        {
            _idle.Add((server, keptFor, _now));
            return;
        }

        _line.RemoveAt(0);
        _leased.Add(server);
    }

    private void Fail()
    {
        _opening--;
        _isFailing = true;
        _book.OpeningFailed(_now);
        if (!ServeLine())
            Assert.True(_line.Count == 0 || _idle.Count == 0, $"seed {_seed}");
    }

    private bool ServeLine()
    {
        if (!_book.TryServeLine(_now, mayOpen: true, out var client, out var server))
            return false;
        Assert.Equal((_line[0].Client, _idle[0].Server), (client, server));
        _line.RemoveAt(0);
        _idle.RemoveAt(0);
        _leased.Add(server);
        return true;
    }

    private void Leave()
    {
        var index = _chance.NextBelow(_line.Count);
        Assert.True(_book.Leave(_line[index].Client));
        Assert.False(_book.Leave(_line[index].Client));
        _line.RemoveAt(index);
    }

    private void Pin()
    {
        var may = _pinned.Count < _limits.PinsMax;
        Assert.Equal(may, _book.TryPin());
        if (may)
            _pinned.Add(Take(_leased));
    }

    private void Unpin()
    {
        _book.Unpin();
        _leased.Add(Take(_pinned));
    }

    private void Lose()
    {
        if (_leased.Count > 0 && _chance.NextBelow(2) == 0)
        {
            Take(_leased);
            _book.Lose();
        }
        else if (_idle.Count > 0 && _chance.NextBelow(2) == 0)
        {
            var index = _chance.NextBelow(_idle.Count);
            Assert.True(_book.TakeOut(_idle[index].Server));
            Assert.False(_book.TakeOut(_idle[index].Server));
            _idle.RemoveAt(index);
        }
        else
        {
            var before = _now - _chance.NextBelow(100);
            var goes = _idle.Count > 0 && Count > _limits.SizeMin && _idle[0].Since <= before;
            Assert.Equal(goes ? _idle[0].Server : 0, _book.TakeIdleSince(before));
            if (goes)
                _idle.RemoveAt(0);
        }
    }

    private void Open()
    {
        var openings = _book.TakeOpenings(_now);
        var wanted = Math.Max(_line.Count - _opening, _limits.SizeMin - Count);
        var late = _line.Count(one => _now - one.Since >= _limits.ReserveAfter) - _opening;
        var most = Math.Min(wanted, _limits.SizeMax - Count);
        // Beyond the size only for those who have waited long enough, one each.
        most = Math.Max(most, Math.Min(late, _limits.SizeMax + _limits.ReserveMax - Count));
        most = Math.Max(0, Math.Min(most, _limits.OpeningMax - _opening));
        Assert.InRange(openings, 0, most);
        if (!_isFailing)
            Assert.Equal(most, openings);
        _opening += openings;
        Assert.True(_opening == 0 || !_isFailing || openings <= 1, $"seed {_seed}");
    }

    private void Check(int step)
    {
        var where = $"seed {_seed}, step {step}";
        Assert.True(_book.Line.SequenceEqual(_line), where);
        Assert.True(
            (_idle.Count, _leased.Count, _pinned.Count, _opening)
            == (_book.IdleCount, _book.Leased, _book.Pinned, _book.Opening), where);
        // Nobody waits while one idles, but for one that somebody would miss while another is being opened.
        Assert.True(_line.Count == 0 || _idle.TrueForAll(one => one.KeptFor != 0), where);
        Assert.True(_line.Count == 0 || _idle.Count == 0 || _opening > 0 || _isFailing, where);
        // More than the size only by pins that came back to the count.
        Assert.True(_idle.Count + _opening <= _limits.CountMax && _pinned.Count <= _limits.PinsMax, where);
        Assert.InRange(_book.Reserved, 0, Math.Max(0, Math.Min(_limits.ReserveMax, Count - _limits.SizeMax)));
    }

    private int Take(List<int> from)
    {
        var index = _chance.NextBelow(from.Count);
        var server = from[index];
        from.RemoveAt(index);
        return server;
    }
}
