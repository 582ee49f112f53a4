namespace Weir.Sim.Validation;

/// <summary>Figures of runs, and how sure they are.</summary>
internal static class Figures
{
    public static double Of(SimResult result, Figure figure) => figure switch
    {
        Figure.WaitMean => result.Wait.Mean / 1000,
        Figure.WaitP95 => result.Wait.Percentile(0.95) / 1000,
        Figure.WaitP99 => result.Wait.Percentile(0.99) / 1000,
        Figure.ResponseMean => result.Response.Mean / 1000,
        Figure.ResponseP50 => result.Response.Percentile(0.5) / 1000,
        Figure.ResponseP95 => result.Response.Percentile(0.95) / 1000,
        Figure.ResponseP99 => result.Response.Percentile(0.99) / 1000,
        Figure.WaitChance => 1 - result.Wait.CountUpTo(0) / (double)Math.Max(1, result.Wait.Count),
        Figure.Loss => result.Lost / (double)Math.Max(1, result.Requests),
        _ => result.Tries / (double)Math.Max(1, result.Wait.Count),
    };

    /// <summary>Mean of the seeds, and the standard deviation of one.</summary>
    public static (double Mean, double Deviation) Of(IReadOnlyList<SimResult> results, Figure figure)
    {
        var values = results.Select(result => Of(result, figure)).ToList();
        var mean = values.Average();
        var square = values.Sum(value => (value - mean) * (value - mean));
        return (mean, values.Count < 2 ? 0 : Math.Sqrt(square / (values.Count - 1)));
    }

    public static string Word(Figure figure) => figure switch
    {
        Figure.WaitMean => "mean wait",
        Figure.WaitP95 => "p95 wait",
        Figure.WaitP99 => "p99 wait",
        Figure.ResponseMean => "mean response",
        Figure.ResponseP50 => "median response",
        Figure.ResponseP95 => "p95 response",
        Figure.ResponseP99 => "p99 response",
        Figure.WaitChance => "P(wait)",
        Figure.Loss => "loss",
        _ => "tries",
    };

    public static bool IsTime(Figure figure) => figure < Figure.WaitChance;
}
