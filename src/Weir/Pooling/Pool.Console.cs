namespace Weir.Pooling;

// What the console looks at.
internal sealed partial class Pool
{
    /// <summary>The database as clients name it.</summary>
    public string Name { get; init; } = "";

    /// <summary>Of those with the same name and user, whose URLs demand different things; from 1.</summary>
    public int Number { get; init; } = 1;

    /// <summary>Told apart from every other pool: "shop/app", and "shop/app#2" beside it.</summary>
    public string Label => Number == 1 ? $"{Name}/{User}" : $"{Name}/{User}#{Number}";

    /// <summary>What happened in the last whole stats period.</summary>
    public PoolPeriod Period { get; }

    /// <summary>Server connections that are open, lent or not, and those that are being opened.</summary>
    public int ServersCount
    {
        get
        {
            lock (_lock)
                return _servers.Count + _book.Opening;
        }
    }

    /// <summary>Bounds that it shares with others and that are used up, for people.</summary>
    public IEnumerable<string> FullBounds() =>
        Volatile.Read(ref _seats).Select(seat => seat.Share.Full()).OfType<string>();

    /// <summary>Who waits, the first first, with the moment each asked.</summary>
    public IReadOnlyList<(ServerHolder Holder, long Since)> Line()
    {
        lock (_lock)
        {
            var line = new List<(ServerHolder, long)>(_book.Waiting);
            foreach (var (client, since) in _book.Line)
            {
                if (_waiting.TryGetValue(client, out var holder))
                    line.Add((holder, since));
            }

            return line;
        }
    }
}
