namespace Weir.Bench.Figures;

/// <summary>
/// One first-come queue before identical workers, without any cost of its own: what no router can beat without
/// knowing service times. Fed the very arrivals and service times that a real system had.
/// </summary>
internal static class IdealQueue
{
    /// <summary>The wait of each request in its queue.</summary>
    /// <param name="arrivals">In order; any unit.</param>
    /// <param name="services">In the same order and unit.</param>
    public static double[] Waits(IReadOnlyList<double> arrivals, IReadOnlyList<double> services, int workers)
    {
        var free = new PriorityQueue<int, double>();
        for (var worker = 0; worker < workers; worker++) free.Enqueue(worker, double.NegativeInfinity);
        var waits = new double[arrivals.Count];
        for (var i = 0; i < waits.Length; i++)
        {
            free.TryDequeue(out var worker, out var freeAt);
            var start = Math.Max(arrivals[i], freeAt);
            waits[i] = start - arrivals[i];
            free.Enqueue(worker, start + services[i]);
        }

        return waits;
    }
}
