namespace Weir.Sim.Tuning;

/// <summary>The textbook queue, as a place to begin to search: Poisson arrivals, exponential work.</summary>
internal static class ErlangC
{
    /// <summary>Share of requests that wait.</summary>
    /// <param name="load">Workers' worth of work that arrives.</param>
    public static double Chance(int workers, double load)
    {
        if (load >= workers)
            return 1;
        // Erlang's B by its recursion, which never leaves 0 … 1.
        var blocked = 1.0;
        for (var count = 1; count <= workers; count++)
            blocked = load * blocked / (count + load * blocked);
        return blocked / (1 - load / workers * (1 - blocked));
    }

    /// <summary>Mean wait, in units of the mean service time.</summary>
    public static double Wait(int workers, double load) =>
        load >= workers ? double.PositiveInfinity : Chance(workers, load) / (workers - load);

    /// <summary>The fewest workers whose 95th percentile of waits is at most so many mean service times.</summary>
    public static int WorkersFor(double load, double wait95)
    {
        var workers = (int)Math.Ceiling(load) + (load % 1 == 0 ? 1 : 0);
        while (Chance(workers, load) * Math.Exp(-(workers - load) * wait95) > 0.05)
            workers++;
        return workers;
    }
}
