namespace Weir.Pooling;

/// <summary>What a pool's counters said at one moment, or how much they grew since. Times in microseconds.</summary>
internal readonly record struct PoolTotals
{
    public long Assignments { get; init; }
    public long Transactions { get; init; }
    public long Queries { get; init; }
    public long BytesReceived { get; init; }
    public long BytesSent { get; init; }
    public long TransactionMicros { get; init; }
    public long QueryMicros { get; init; }
    public long WaitMicros { get; init; }
    public long ClientParses { get; init; }
    public long ServerParses { get; init; }
    public long Binds { get; init; }
    public long ClientLogins { get; init; }

    public static PoolTotals operator +(PoolTotals one, PoolTotals other) => Join(one, other, 1);

    public static PoolTotals operator -(PoolTotals one, PoolTotals other) => Join(one, other, -1);

    /// <summary>
    /// As PgBouncer's averages: counts and bytes for each second, times for each transaction, query or lease.
    /// </summary>
    public PoolTotals AverageOver(long micros) => new()
    {
        Assignments = PerSecond(Assignments, micros),
        Transactions = PerSecond(Transactions, micros),
        Queries = PerSecond(Queries, micros),
        BytesReceived = PerSecond(BytesReceived, micros),
        BytesSent = PerSecond(BytesSent, micros),
        TransactionMicros = TransactionMicros / Math.Max(1, Transactions),
        QueryMicros = QueryMicros / Math.Max(1, Queries),
        WaitMicros = WaitMicros / Math.Max(1, Assignments),
        ClientParses = PerSecond(ClientParses, micros),
        ServerParses = PerSecond(ServerParses, micros),
        Binds = PerSecond(Binds, micros),
        ClientLogins = PerSecond(ClientLogins, micros),
    };

    private static long PerSecond(long count, long micros) => (long)(count * 1e6 / Math.Max(1, micros));

    private static PoolTotals Join(PoolTotals one, PoolTotals other, int sign) => new()
    {
        Assignments = one.Assignments + sign * other.Assignments,
        Transactions = one.Transactions + sign * other.Transactions,
        Queries = one.Queries + sign * other.Queries,
        BytesReceived = one.BytesReceived + sign * other.BytesReceived,
        BytesSent = one.BytesSent + sign * other.BytesSent,
        TransactionMicros = one.TransactionMicros + sign * other.TransactionMicros,
        QueryMicros = one.QueryMicros + sign * other.QueryMicros,
        WaitMicros = one.WaitMicros + sign * other.WaitMicros,
        ClientParses = one.ClientParses + sign * other.ClientParses,
        ServerParses = one.ServerParses + sign * other.ServerParses,
        Binds = one.Binds + sign * other.Binds,
        ClientLogins = one.ClientLogins + sign * other.ClientLogins,
    };
}
