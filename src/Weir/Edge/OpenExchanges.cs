namespace Weir.Edge;

/// <summary>All exchanges that are open, so that a shutdown can end each in its own time.</summary>
internal sealed class OpenExchanges(Rooms rooms)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Exchange> _all = [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _all.Count;
        }
    }

    /// <summary>An HTTP/1.1 connection begins.</summary>
    public void Begin(ClientSide client, Http1Input input)
    {
        rooms.Counters.ConnectionOpened();
        var exchange = Add(client, input);
        exchange.Start();
    }

    /// <summary>A stream of HTTP/2 begins, with its head.</summary>
    /// <param name="before">With the new exchange, before it begins.</param>
    public Exchange BeginStream(
        ClientSide client, long arrived, Action<Exchange> whenClosed, Action<Exchange>? before = null)
    {
        var exchange = new Exchange(rooms, client, null)
        {
            WhenClosed = closed =>
            {
                Remove(closed);
                whenClosed(closed);
            },
        };
        lock (_lock)
            _all.Add(exchange);
        before?.Invoke(exchange);
        exchange.StartWithHead(arrived);
        return exchange;
    }

    public Exchange[] Snapshot()
    {
        lock (_lock)
            return [.. _all];
    }

    /// <summary>Where each open exchange is, for those who look for one that does not end.</summary>
    public string Stages() => string.Join(", ", Snapshot().Select(exchange => exchange.State));

    private Exchange Add(ClientSide client, Http1Input input)
    {
        var exchange = new Exchange(rooms, client, input) { WhenClosed = Close };
        lock (_lock)
            _all.Add(exchange);
        return exchange;
    }

    private void Close(Exchange exchange)
    {
        Remove(exchange);
        rooms.Counters.ConnectionClosed();
    }

    private void Remove(Exchange exchange)
    {
        lock (_lock)
            _all.Remove(exchange);
    }
}
