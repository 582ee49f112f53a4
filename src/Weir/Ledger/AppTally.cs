using Weir.Core.Ledger;

namespace Weir.Ledger;

/// <summary>
/// What one thread has counted of one app; also the merged counts of all threads. One writer, plain adds.
/// </summary>
internal sealed class AppTally(string name)
{
    /// <summary>
    /// How many combinations of method, status, protocol and scheme are told apart; the rest share one. 200: the usual
    /// cardinality limit of an attribute set, far above what a real app makes.
    /// </summary>
    public const int SeriesMax = 200;

    private const int PhasesCount = (int)Phase.Send + 1;
    private const int TableSize = 512;

    private readonly DurationSeries?[] _series = new DurationSeries?[TableSize];
    private readonly long[] _outcomes = new long[Outcomes.Count * PhasesCount];
    private readonly Histogram[] _phases = BuildPhases();
    private DurationSeries? _other;
    private int _seriesCount;

    /// <summary>The app; empty for exchanges that reached none.</summary>
    public string Name { get; } = name;

    public Histogram Total { get; } = new();

    /// <summary>Time in the queue of every exchange that asked for a slot, also those that got one at once.</summary>
    public Histogram InQueue { get; } = new();

    public long RequestBytes { get; private set; }
    public long ResponseBytes { get; private set; }
    public long WorkerMicros { get; private set; }
    public long Redispatches { get; private set; }
    public long Spilled { get; private set; }
    public long HeldByClient { get; private set; }

    /// <summary>Durations of a phase, of those exchanges that spent any time in it.</summary>
    public Histogram PhaseOf(Phase phase) => _phases[(int)phase];

    public long CountOf(Outcome outcome, Phase lastPhase) => _outcomes[((int)outcome * PhasesCount) + (int)lastPhase];

    public long CountOf(Outcome outcome)
    {
        long count = 0;
        for (var phase = Phase.Receive; phase <= Phase.Send; phase++)
            count += CountOf(outcome, phase);
        return count;
    }

    public IEnumerable<DurationSeries> Series()
    {
        foreach (var series in _series)
        {
            if (series is not null)
                yield return series;
        }
        if (_other is not null)
            yield return _other;
    }

    public void Add(in LedgerEntry entry)
    {
        long total = 0;
        for (var i = 0; i < PhasesCount; i++)
        {
            var micros = entry.Times[i];
            total += micros;
            if (micros > 0)
                _phases[i].Add(micros);
        }
        Total.Add(total);
        if (entry.QueuePosition >= 0 || entry.Tries > 0)
            InQueue.Add(entry.Times[(int)Phase.Queue]);
        _outcomes[((int)entry.Outcome * PhasesCount) + (int)entry.LastPhase]++;
        RequestBytes += entry.RequestBytes;
        ResponseBytes += entry.ResponseBytes;
        WorkerMicros += entry.WorkerMicros;
        Redispatches += entry.Tries > 1 ? entry.Tries - 1 : 0;
        Spilled += entry.Spilled ? 1 : 0;
        HeldByClient += entry.HeldByClient ? 1 : 0;
        SeriesOf(DurationSeries.KeyOf(entry)).Add(total);
    }

    public void Merge(AppTally other)
    {
        for (var i = 0; i < PhasesCount; i++)
            _phases[i].Merge(other._phases[i]);
        for (var i = 0; i < _outcomes.Length; i++)
            _outcomes[i] += other._outcomes[i];
        Total.Merge(other.Total);
        InQueue.Merge(other.InQueue);
        RequestBytes += other.RequestBytes;
        ResponseBytes += other.ResponseBytes;
        WorkerMicros += other.WorkerMicros;
        Redispatches += other.Redispatches;
        Spilled += other.Spilled;
        HeldByClient += other.HeldByClient;
        foreach (var series in other.Series())
            SeriesOf(series.Key).Merge(series);
    }

    private static Histogram[] BuildPhases()
    {
        var phases = new Histogram[PhasesCount];
        for (var i = 0; i < phases.Length; i++)
            phases[i] = new();
        return phases;
    }

    private DurationSeries SeriesOf(int key)
    {
        // The table is never more than 40 % full, so a free place ends every search soon.
        for (var i = (int)(((uint)key * 2654435769u) >> 23); ; i = (i + 1) & (TableSize - 1))
        {
            var series = _series[i];
            if (series is null)
                return AddSeries(key, i);
            if (series.Key == key)
                return series;
        }
    }

    private DurationSeries AddSeries(int key, int place)
    {
        if (key == DurationSeries.OtherKey || _seriesCount == SeriesMax)
        {
            if (_other is null)
                Volatile.Write(ref _other, new(DurationSeries.OtherKey));
            return _other;
        }
        _seriesCount++;
        var series = new DurationSeries(key);
        Volatile.Write(ref _series[place], series);
        return series;
    }
}
