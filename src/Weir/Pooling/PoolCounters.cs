namespace Weir.Pooling;

/// <summary>What a pool has done since it began. Written by many threads, read by whoever asks.</summary>
internal sealed class PoolCounters
{
    private long _transactions;
    private long _queries;
    private long _assignments;
    private long _waits;
    private long _waitMicros;
    private long _transactionMicros;
    private long _idleMicros;
    private long _received;
    private long _sent;
    private long _opened;
    private long _failed;
    private long _logins;
    private long _resets;
    private long _hiddenResets;
    private long _clientParses;
    private long _serverParses;
    private long _binds;
    private long _timeouts;

    public long Transactions => Volatile.Read(ref _transactions);
    public long Queries => Volatile.Read(ref _queries);
    public long Assignments => Volatile.Read(ref _assignments);
    public long Waits => Volatile.Read(ref _waits);
    public long WaitMicros => Volatile.Read(ref _waitMicros);
    public long TransactionMicros => Volatile.Read(ref _transactionMicros);
    public long BytesReceived => Volatile.Read(ref _received);
    public long BytesSent => Volatile.Read(ref _sent);
    public long ServersOpened => Volatile.Read(ref _opened);
    public long LoginsFailed => Volatile.Read(ref _failed);
    public long ClientLogins => Volatile.Read(ref _logins);

    /// <summary>Server connections that were reset before another client got them.</summary>
    public long Resets => Volatile.Read(ref _resets);

    /// <summary>Of these, after code ran whose text nobody here has read.</summary>
    public long HiddenResets => Volatile.Read(ref _hiddenResets);
    public long ClientParses => Volatile.Read(ref _clientParses);
    public long ServerParses => Volatile.Read(ref _serverParses);
    public long Binds => Volatile.Read(ref _binds);

    /// <summary>Of these, server connections were lent while nothing ran on them, in transactions.</summary>
    public long IdleMicros => Volatile.Read(ref _idleMicros);

    /// <summary>All of it that averages are taken of.</summary>
    public PoolTotals Totals => new()
    {
        Assignments = Assignments,
        Transactions = Transactions,
        Queries = Queries,
        BytesReceived = BytesReceived,
        BytesSent = BytesSent,
        TransactionMicros = TransactionMicros,
        QueryMicros = Math.Max(0, TransactionMicros - IdleMicros),
        WaitMicros = WaitMicros,
        ClientParses = ClientParses,
        ServerParses = ServerParses,
        Binds = Binds,
        ClientLogins = ClientLogins,
    };

    /// <summary>Client sessions that waited in vain.</summary>
    public long Timeouts => Volatile.Read(ref _timeouts);

    /// <summary>To open a server connection, log-in included.</summary>
    public PoolDurations CreateTimes { get; } = new();

    /// <summary>For a server connection, of those who had to wait.</summary>
    public PoolDurations WaitTimes { get; } = new();

    /// <summary>Of leases.</summary>
    public PoolDurations UseTimes { get; } = new();

    public void TimedOut() => Interlocked.Increment(ref _timeouts);

    /// <param name="micros">From the connect to the end of the log-in.</param>
    public void Opened(long micros)
    {
        Interlocked.Increment(ref _opened);
        CreateTimes.Add(micros);
    }

    public void Failed() => Interlocked.Increment(ref _failed);

    public void LoggedIn() => Interlocked.Increment(ref _logins);

    public void Waited(long micros)
    {
        Interlocked.Increment(ref _waits);
        Interlocked.Add(ref _waitMicros, micros);
        WaitTimes.Add(micros);
    }

    public void Reset(bool isHidden)
    {
        Interlocked.Increment(ref _resets);
        if (isHidden)
            Interlocked.Increment(ref _hiddenResets);
    }

    /// <summary>A lease has ended.</summary>
    public void Leased(in LeaseFigures figures)
    {
        Interlocked.Increment(ref _assignments);
        Interlocked.Add(ref _transactions, figures.Transactions);
        Interlocked.Add(ref _queries, figures.Queries);
        Interlocked.Add(ref _transactionMicros, figures.Micros);
        UseTimes.Add(figures.Micros);
        if (figures.IdleMicros != 0)
            Interlocked.Add(ref _idleMicros, figures.IdleMicros);
        Interlocked.Add(ref _received, figures.BytesReceived);
        Interlocked.Add(ref _sent, figures.BytesSent);
        if (figures.Binds == 0)
            return;
        Interlocked.Add(ref _binds, figures.Binds);
        Interlocked.Add(ref _clientParses, figures.ClientParses);
        Interlocked.Add(ref _serverParses, figures.ServerParses);
    }
}
