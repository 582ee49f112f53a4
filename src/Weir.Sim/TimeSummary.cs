namespace Weir.Sim;

/// <summary>One time of several seeds, in milliseconds: each figure the mean of the seeds' own.</summary>
/// <param name="MeanError">Half of the mean's 95 % confidence interval; 0 for a single seed, which has none.</param>
internal sealed record TimeSummary(double Mean, double P50, double P95, double P99, double MeanError)
{
    /// <summary>Student's t at 97.5 %, by degrees of freedom from 1; the last stands for all beyond.</summary>
    private static readonly double[] s_student =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 1.960,
    ];

    public static TimeSummary Of(IReadOnlyList<TimeHistogram> seeds)
    {
        var mean = seeds.Average(seed => seed.Mean) / 1000;
        return new TimeSummary(mean, Share(seeds, 0.50), Share(seeds, 0.95), Share(seeds, 0.99), Error(seeds, mean));
    }

    private static double Share(IReadOnlyList<TimeHistogram> seeds, double share) =>
        seeds.Average(seed => seed.Percentile(share)) / 1000;

    private static double Error(IReadOnlyList<TimeHistogram> seeds, double mean)
    {
        if (seeds.Count < 2)
            return 0;
        var variance = seeds.Sum(seed => Math.Pow(seed.Mean / 1000 - mean, 2)) / (seeds.Count - 1);
        return s_student[Math.Min(seeds.Count - 2, s_student.Length - 1)] * Math.Sqrt(variance / seeds.Count);
    }
}
