namespace Weir.Core.Wires;

// Goal: as few threads as carry the work, and never fewer. One thread more costs switches: measured with pgbench on two
// cores, a query through the pooler took 38 µs of processor with one thread and 44 with two.
// Trade-off: one thread is woken late by at most a period, within which those awake have 0.4 of a core left each; it
// is put to rest only when the others would be far from that, for a while. Connections are the exception: to set one up
// is many steps that threads do beside each other, and a client that opens one for each query waits for all of them
// (pgbench -C over unix sockets: an eighth more queries with two threads).

/// <summary>How many I/O threads are awake, from the processor time that they took.</summary>
internal sealed class ThreadsAwake(int all)
{
    /// <summary>Of a core, for each thread that is awake: above it one more wakes.</summary>
    private const double Full = 0.6;

    /// <summary>Of a core, for each that would be left: below it one has nothing to do.</summary>
    private const double Slack = 0.45;

    /// <summary>
    /// Connections a second, for each thread that is awake: above it one more wakes; below half of it, for each that
    /// would be left, one rests.
    /// </summary>
    private const double Openings = 1000;

    /// <summary>Periods in a row with too little to do before one rests.</summary>
    private const int CalmPeriods = 20;

    /// <summary>
    /// Periods in a row with so many connections before one more wakes: a load that begins with a few hundred is no
    /// load of connections, and the thread would work beside the first for as long as the calm takes.
    /// </summary>
    private const int OpeningPeriods = 5;

    private int _calm;
    private int _openings;

    /// <summary>From 1 to all.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>A period is over.</summary>
    /// <param name="cores">Processor time of all I/O threads in the period, by its length.</param>
    /// <param name="opened">Connections a second that were opened in the period, on either side.</param>
    /// <param name="hangs">One of them makes no progress: the others are not to depend on it.</param>
    public void Decide(double cores, double opened, bool hangs)
    {
        var isCalm = cores < Slack * (Count - 1) && opened < Openings / 2 * (Count - 1);
        _calm = isCalm && !hangs ? _calm + 1 : 0;
        _openings = opened > Openings * Count ? _openings + 1 : 0;
        if (hangs)
            Count = all;
        else if ((cores > Full * Count || _openings >= OpeningPeriods) && Count < all)
            (Count, _openings) = (Count + 1, 0);
        else if (_calm == CalmPeriods)
            (Count, _calm) = (Count - 1, 0);
    }
}
