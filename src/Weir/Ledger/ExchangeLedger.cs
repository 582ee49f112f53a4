namespace Weir.Ledger;

/// <summary>
/// Takes one record an exchange and feeds log, metrics and the last thousand.
/// Invariant: each thread counts in a stripe of its own, so <see cref="Write"/> takes no lock and waits for nobody;
/// readers merge the stripes. A thread's stripe goes to another once the thread has ended, so stripes are as many as
/// threads at once.
/// </summary>
internal sealed class ExchangeLedger(LedgerOptions options, LogWriter? log = null)
{
    [ThreadStatic]
    private static LedgerStripe? t_stripe;

    private readonly Lock _lock = new();
    private readonly List<LedgerStripe> _stripes = [];

    public LedgerOptions Options { get; } = options;

    public RecentRing Recent { get; } = new(options.RecentMax);

    /// <summary>Who follows the log lines as they come, also where no log is kept.</summary>
    public LogTail Tail { get; } = new();

    /// <summary>Lines that the log lost because its reader stalled.</summary>
    public long LogDropped => log?.Dropped ?? 0;

    /// <summary>Writes one exchange down. Called once for each, by any thread; never waits, never throws.</summary>
    public void Write(in LedgerEntry entry)
    {
        var stripe = t_stripe;
        if (stripe is null || !ReferenceEquals(stripe.Owner, this))
            stripe = TakeStripe();
        stripe.Add(entry);
        Recent.Add(entry);
        if (log is not null || Tail.HasViewers)
            WriteLine(entry, stripe.Scratch);
    }

    /// <summary>All that was counted until now.</summary>
    public LedgerTotals Totals()
    {
        var totals = new LedgerTotals();
        lock (_lock)
        {
            foreach (var stripe in _stripes)
                totals.Merge(stripe);
        }
        return totals;
    }

    private void WriteLine(in LedgerEntry entry, byte[] scratch)
    {
        var format = Options.Log == LogFormat.Off ? LogFormat.Logfmt : Options.Log;
        var length = format == LogFormat.Json ? LogLineJson.Write(entry, scratch) : LogLine.Write(entry, scratch);
        var line = scratch.AsSpan(0, length);
        log?.Append(line);
        Tail.Append(line);
    }

    private LedgerStripe TakeStripe()
    {
        var thread = Thread.CurrentThread;
        lock (_lock)
        {
            var stripe = _stripes.Find(one => ReferenceEquals(one.Writer, thread))
                ?? _stripes.Find(one => !one.Writer.IsAlive);
            if (stripe is null)
                _stripes.Add(stripe = new(this, thread));
            stripe.Writer = thread;
            return t_stripe = stripe;
        }
    }
}
