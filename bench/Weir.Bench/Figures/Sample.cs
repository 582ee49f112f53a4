namespace Weir.Bench.Figures;

/// <summary>A set of measured values, sorted once.</summary>
internal sealed class Sample
{
    private readonly double[] _sorted;

    public Sample(IEnumerable<double> values)
    {
        _sorted = [.. values];
        Array.Sort(_sorted);
    }

    public int Count => _sorted.Length;
    public double Mean => _sorted.Length == 0 ? double.NaN : _sorted.Average();
    public double Max => _sorted.Length == 0 ? double.NaN : _sorted[^1];

    /// <summary>Half of the sum of the two middle values where the count is even.</summary>
    public double Median => _sorted.Length == 0
        ? double.NaN
        : (_sorted[(_sorted.Length - 1) / 2] + _sorted[_sorted.Length / 2]) / 2;

    /// <summary>Nearest rank: the smallest value with at least this part of all at or below it.</summary>
    public double Percentile(double percent)
    {
        if (_sorted.Length == 0) return double.NaN;
        var rank = (int)Math.Ceiling(percent / 100 * _sorted.Length);
        return _sorted[Math.Clamp(rank, 1, _sorted.Length) - 1];
    }

    public static double MedianOf(IEnumerable<double> values) => new Sample(values).Median;
}
