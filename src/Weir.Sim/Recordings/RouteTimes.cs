using Weir.Core.Chance;

namespace Weir.Sim.Recordings;

/// <summary>How long a route's requests held their slots: a sample of fixed size, each as likely in it as another.
/// </summary>
internal sealed class RouteTimes(string name)
{
    private const int SampleMax = 4096;

    private readonly SeededRandom _chance = SeededRandom.Stream(0, "sample");
    private readonly List<long> _sample = [];

    public string Name { get; } = name;

    public long Count { get; private set; }

    public double Sum { get; private set; }

    public void Add(long micros)
    {
        Count++;
        Sum += micros;
        if (_sample.Count < SampleMax)
        {
            _sample.Add(micros);
            return;
        }

        var place = (long)(_chance.NextDouble() * Count);
        if (place < SampleMax)
            _sample[(int)place] = micros;
    }

    /// <summary>What was seen, as a service time; null where nothing was.</summary>
    public ServiceTime? Service() => _sample.Count == 0 ? null : ServiceTime.Empirical(_sample);
}
