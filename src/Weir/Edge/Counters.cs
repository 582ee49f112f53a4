namespace Weir.Edge;

/// <summary>Counts that no single exchange can tell.</summary>
internal sealed class Counters
{
    private long _accepted;
    private long _open;
    private long _active;
    private long _lastId;
    private long _faults;

    public long Accepted => Interlocked.Read(ref _accepted);
    public long Open => Interlocked.Read(ref _open);

    /// <summary>Exchanges begun and not ended.</summary>
    public long Active => Interlocked.Read(ref _active);

    /// <summary>Faults of Weir's own; each was written to the house's log.</summary>
    public long Faults => Interlocked.Read(ref _faults);

    public void ConnectionOpened()
    {
        Interlocked.Increment(ref _accepted);
        Interlocked.Increment(ref _open);
    }

    public void ConnectionClosed() => Interlocked.Decrement(ref _open);

    public long ExchangeBegan()
    {
        Interlocked.Increment(ref _active);
        return Interlocked.Increment(ref _lastId);
    }

    public void ExchangeEnded() => Interlocked.Decrement(ref _active);

    public void Fault() => Interlocked.Increment(ref _faults);
}
