namespace Weir.Core.Wires;

// Goal: as few threads as carry the work, and never fewer. One thread more costs switches: measured with pgbench on two
// cores, a query through the pooler took 38 µs of processor with one thread and 44 with two.
// Trade-off: one thread is woken late by at most a period, within which the ones awake have a third of a core left; it
// is put to rest only when the others would be far from that, for a while.

/// <summary>How many I/O threads are awake, from the processor time that they took.</summary>
internal sealed class ThreadsAwake(int all)
{
    /// <summary>Of a core, for each thread that is awake: above it one more wakes.</summary>
    private const double Full = 0.6;

    /// <summary>Of a core, for each that would be left: below it one has nothing to do.</summary>
    private const double Slack = 0.35;

    /// <summary>Periods in a row with too little to do before one rests.</summary>
    private const int CalmPeriods = 20;

    private int _calm;

    /// <summary>From 1 to all.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>A period is over.</summary>
    /// <param name="cores">Processor time of all I/O threads in the period, by its length.</param>
    /// <param name="hangs">One of them makes no progress: the others are not to depend on it.</param>
    public void Decide(double cores, bool hangs)
    {
        _calm = !hangs && cores < Slack * (Count - 1) ? _calm + 1 : 0;
        if (hangs)
            Count = all;
        else if (cores > Full * Count && Count < all)
            Count++;
        else if (_calm == CalmPeriods)
            (Count, _calm) = (Count - 1, 0);
    }
}
