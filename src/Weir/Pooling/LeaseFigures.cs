namespace Weir.Pooling;

/// <summary>What happened during one lease; counted by its holder alone, and told once at its end.</summary>
internal struct LeaseFigures
{
    public long Transactions;
    public long Queries;
    public long Micros;

    /// <summary>Of these, nothing ran: the client was idle in its transaction, or pinned.</summary>
    public long IdleMicros;
    public long BytesReceived;
    public long BytesSent;
    public long ClientParses;
    public long ServerParses;
    public long Binds;
}
