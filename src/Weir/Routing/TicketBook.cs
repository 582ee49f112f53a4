namespace Weir.Routing;

/// <summary>Small dense numbers for exchanges: what the routing core knows them by.</summary>
internal sealed class TicketBook
{
    private readonly Lock _lock = new();
    private readonly Stack<int> _free = new();
    private ILeaseHolder?[] _holders = new ILeaseHolder?[64];
    private int _count;

    /// <summary>Numbers in use.</summary>
    public int Taken
    {
        get
        {
            lock (_lock)
                return _count - _free.Count;
        }
    }

    public int Take(ILeaseHolder holder)
    {
        lock (_lock)
        {
            if (!_free.TryPop(out var ticket))
                ticket = _count++;
            if (ticket >= _holders.Length)
            {
                var grown = new ILeaseHolder?[_holders.Length * 2];
                Array.Copy(_holders, grown, _holders.Length);
                Volatile.Write(ref _holders, grown);
            }

            Volatile.Write(ref _holders[ticket], holder);
            return ticket;
        }
    }

    /// <summary>The number may be used again; the routing core must have ended all that it knew of it.</summary>
    public void Give(int ticket)
    {
        lock (_lock)
        {
            _holders[ticket] = null;
            _free.Push(ticket);
        }
    }

    /// <summary>Read without the lock: a ticket that a command names was taken before the command was made.</summary>
    public ILeaseHolder? Of(int ticket) => Volatile.Read(ref Volatile.Read(ref _holders)[ticket]);
}
