using Weir.Core.Caching;

namespace Weir.Tests.Caching;

/// <summary>
/// Fills in plain lists, driven by numbers beside the <see cref="FillBook{TWho}"/>: after each event both must have
/// told the same to the same in the same order, and the book's promises must hold.
/// </summary>
internal sealed class FillModel
{
    private const int Keys = 4;
    private const long Patience = 50;

    private readonly FillLimits _limits = new() { FollowersMax = 4, FollowersTotalMax = 9, FillsMax = 3 };
    private readonly FillBook<Caller> _book;
    private readonly Dictionary<int, Row> _rows = [];
    private readonly List<Caller> _callers = [];
    private readonly List<FillNews<Caller>> _news = [];
    private readonly List<FillNews<Caller>> _expected = [];
    private long _now;
    private int _number;
    private int _detached;

    public FillModel() => _book = new FillBook<Caller>(_limits, new KeyHash(7));

    /// <summary>How often each part was taken, so that a test can tell that its worlds are lively.</summary>
    public int[] Seen { get; } = new int[Enum.GetValues<FillRole>().Length];

    public void Run(IEnumerable<int> numbers)
    {
        foreach (var number in numbers)
        {
            _now += number % 17;
            _news.Clear();
            _expected.Clear();
            Act(number);
            Assert.Equal(_expected, _news);
            foreach (var (who, role) in _news)
            {
                Assert.Equal(role, who.Role);
                Seen[(int)role]++;
            }

            Check();
        }

        Settle();
    }

    private void Act(int number)
    {
        var any = _callers.Count == 0 ? null : _callers[number / 16 % _callers.Count];
        if (any is null || number % 16 < 6)
        {
            Arrive(number / 16 % Keys);
            return;
        }

        switch (number % 16)
        {
            case 6:
                Cede(any);
                break;
            case 7:
                Outdate(any);
                break;
            case 8:
                HeadStorable(any);
                break;
            case 9:
                HeadNotStorable(any, isError: number / 256 % 2 == 1);
                break;
            case 10 or 11:
                Gone(any);
                break;
            case 12:
                VaryMismatch(any);
                break;
            case 13:
                End(any);
                break;
            default:
                Expire(any);
                break;
        }
    }

    private void Arrive(int key)
    {
        if (_number % 10 == 9)
        {
            // From here on another fill of the key may be joined; the old one goes on under no key.
            _book.Detach([(byte)key, 1, 2]);
            if (_rows.Remove(key, out var detached))
                Rename(detached, --_detached);
        }

        var caller = new Caller(++_number) { GiveUp = _number % 3 == 0 ? _now + 30 : long.MaxValue, Key = key };
        var role = _book.Arrive(caller, [(byte)key, 1, 2], _now, Patience, caller.GiveUp);
        Assert.Equal(ExpectArrival(caller, key), role);
        Seen[(int)role]++;
        caller.Role = role;
        _callers.Add(caller);
    }

    private void Rename(Row row, int key)
    {
        _rows.Add(key, row);
        foreach (var caller in row.Others.Append(row.Fetcher!))
            caller.Key = key;
    }

    private void Outdate(Caller caller)
    {
        var row = RowOf(caller);
        var isSo = row is { HasHead: false, Others.Count: > 0 } && row.Fetcher == caller;
        if (isSo)
        {
            Promote(row!);
            caller.Role = FillRole.None;
        }

        Assert.Equal(isSo, _book.HeadOutdated(caller, _now, _news));
    }

    private FillRole ExpectArrival(Caller caller, int key)
    {
        if (!_rows.TryGetValue(key, out var row))
        {
            if (_rows.Count == _limits.FillsMax)
                return FillRole.Crowded;
            _rows.Add(key, new Row { Fetcher = caller, Deadline = _now + Patience });
            return FillRole.Fetcher;
        }

        if (row.HasHead)
        {
            row.Others.Add(caller);
            return FillRole.Reader;
        }

        if (row.Others.Count == _limits.FollowersMax || Waiting() == _limits.FollowersTotalMax)
            return FillRole.Crowded;
        row.Others.Add(caller);
        return FillRole.Follower;
    }

    private void HeadStorable(Caller caller)
    {
        var row = RowOf(caller);
        var isSo = row?.Fetcher == caller && !row.HasHead;
        if (isSo)
        {
            row!.HasHead = true;
            foreach (var other in row.Others)
                Tell(other, FillRole.Reader);
        }

        Assert.Equal(isSo, _book.HeadStorable(caller, _news));
    }

    private void Cede(Caller caller)
    {
        var row = RowOf(caller);
        var isSo = row is { HasHead: false } && row.Fetcher == caller && row.Others.Count < _limits.FollowersMax
            && Waiting() < _limits.FollowersTotalMax;
        var heir = new Caller(++_number) { GiveUp = long.MaxValue, Key = caller.Key };
        Assert.Equal(isSo, _book.Cede(caller, heir, long.MaxValue));
        if (!isSo)
            return;
        row!.Fetcher = heir;
        row.Others.Insert(0, caller);
        caller.GiveUp = long.MaxValue;
        (heir.Role, caller.Role) = (FillRole.Fetcher, FillRole.Follower);
        _callers.Add(heir);
    }

    private void HeadNotStorable(Caller caller, bool isError)
    {
        var row = RowOf(caller);
        var isSo = row?.Fetcher == caller && !row.HasHead;
        if (isSo)
        {
            foreach (var other in row!.Others)
                Tell(other, isError ? FillRole.Failed : FillRole.Released);
            Drop(caller);
        }

        Assert.Equal(isSo, _book.HeadNotStorable(caller, _news, isError));
    }

    private void Gone(Caller caller)
    {
        if (RowOf(caller) is { } row)
        {
            if (row.Others.Remove(caller))
                caller.Role = FillRole.None;
            else if (row.HasHead || row.Others.Count == 0)
                Drop(caller);
            else
                Promote(row);
        }

        caller.Role = FillRole.None;
        _book.Gone(caller, _now, _news);
    }

    private void VaryMismatch(Caller caller)
    {
        var isSo = RowOf(caller) is { HasHead: true } row && row.Others.Remove(caller);
        if (isSo)
            caller.Role = FillRole.None;
        Assert.Equal(isSo, _book.HeadVaryMismatch(caller));
    }

    private void End(Caller caller)
    {
        var isSo = RowOf(caller) is { HasHead: true } row && row.Fetcher == caller;
        if (isSo)
            Drop(caller);
        Assert.Equal(isSo, _book.Ended(caller));
    }

    private void Expire(Caller caller)
    {
        var row = RowOf(caller);
        var isFollower = row is { HasHead: false } && row.Others.Contains(caller);
        if (isFollower && _now >= caller.GiveUp)
        {
            row!.Others.Remove(caller);
            Assert.Equal(FillRole.WaitedOut, _book.Expired(caller, _now, _news));
            Seen[(int)FillRole.WaitedOut]++;
            caller.Role = FillRole.None;
            return;
        }

        if (isFollower && _now >= row!.Deadline)
        {
            var slow = row.Fetcher!;
            Promote(row);
            Tell(slow, FillRole.Replaced);
        }

        var role = RowOf(caller) is null ? FillRole.None : caller.Role;
        Assert.Equal(role, _book.Expired(caller, _now, _news));
    }

    private void Promote(Row row)
    {
        row.Fetcher = row.Others[0];
        row.Others.RemoveAt(0);
        row.Deadline = _now + Patience;
        Tell(row.Fetcher, FillRole.Fetcher);
    }

    private void Tell(Caller caller, FillRole role)
    {
        caller.Role = role;
        _expected.Add(new FillNews<Caller>(caller, role));
    }

    private void Drop(Caller fetcher)
    {
        foreach (var other in RowOf(fetcher)!.Others.Where(other => other.Role == FillRole.Reader))
            other.Role = FillRole.None;
        _rows.Remove(fetcher.Key);
        fetcher.Role = FillRole.None;
    }

    private Row? RowOf(Caller caller) => _rows.TryGetValue(caller.Key, out var row)
        && (row.Fetcher == caller || row.Others.Contains(caller)) ? row : null;

    private int Waiting() => _rows.Values.Where(row => !row.HasHead).Sum(row => row.Others.Count);

    private void Check()
    {
        Assert.Equal(_rows.Count, _book.Fills);
        Assert.Equal(Waiting(), _book.Followers);
        Assert.InRange(_book.Followers, 0, _limits.FollowersTotalMax);
        var fetched = new HashSet<int>();
        foreach (var caller in _callers)
        {
            var row = RowOf(caller);
            Assert.Equal(row is null ? FillRole.None : caller.Role, _book.RoleOf(caller));
            Assert.Equal(row?.Fetcher, _book.FetcherOf(caller));
            // Nobody waits for nothing: who is a follower has a fetcher, and only one fetches a key.
            if (_book.RoleOf(caller) == FillRole.Follower)
                Assert.Equal(FillRole.Fetcher, _book.RoleOf(row!.Fetcher!));
            if (_book.RoleOf(caller) == FillRole.Fetcher)
                Assert.True(fetched.Add(caller.Key));
        }
    }

    /// <summary>All fetchers go, one after the other: each follower must have been told in the end.</summary>
    private void Settle()
    {
        for (var left = _callers.Count; _rows.Count > 0; left--)
        {
            Assert.True(left > 0, "a fill remains");
            _news.Clear();
            _expected.Clear();
            Gone(_rows.Values.First().Fetcher!);
            Assert.Equal(_expected, _news);
        }

        Assert.Equal((0, 0), (_book.Fills, _book.Followers));
    }

    private sealed class Row
    {
        public Caller? Fetcher { get; set; }
        public List<Caller> Others { get; } = [];
        public bool HasHead { get; set; }
        public long Deadline { get; set; }
    }

    internal sealed class Caller(int number)
    {
        public int Key { get; set; }
        public long GiveUp { get; set; }
        public FillRole Role { get; set; }

        public override string ToString() => $"{number}";
    }
}
