namespace Weir.Bench.Figures;

/// <summary>
/// Runs of several contenders in turns, so that those of one turn follow each other: what a run is compared with is its
/// neighbour. On a machine that others use, too, the same run differs threefold from minute to minute, and neighbours
/// far less.
/// </summary>
/// <typeparam name="TCase">What was asked of all contenders.</typeparam>
/// <typeparam name="TRun">One run's figures.</typeparam>
internal sealed class PairedRuns<TCase, TRun>
    where TCase : notnull
{
    private readonly Dictionary<(string Name, TCase Case), List<TRun>> _runs = [];

    /// <summary>The next run of this contender; its turn is told by how many it has.</summary>
    public void Add(string name, TCase which, TRun run)
    {
        if (!_runs.TryGetValue((name, which), out var list))
            _runs[(name, which)] = list = [];
        list.Add(run);
    }

    public bool Has(string name, TCase which) => _runs.ContainsKey((name, which));

    public IReadOnlyList<TRun> Of(string name, TCase which) => _runs.GetValueOrDefault((name, which)) ?? [];

    /// <summary>NaN where it has no runs.</summary>
    public double Median(string name, TCase which, Func<TRun, double> pick) =>
        Sample.MedianOf(Of(name, which).Select(pick));

    /// <summary>The median of what turns say of the two; NaN where either has no runs.</summary>
    public double MedianOfTurns(string name, string other, TCase which, Func<TRun, TRun, double> compare) =>
        Sample.MedianOf(Of(name, which).Zip(Of(other, which), compare));

    /// <summary>The median of the turns' ratios.</summary>
    public double Ratio(string name, string to, TCase which, Func<TRun, double> pick) =>
        MedianOfTurns(name, to, which, (one, other) => pick(one) / pick(other));
}
