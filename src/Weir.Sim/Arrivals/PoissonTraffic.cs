using Weir.Core.Chance;

namespace Weir.Sim.Arrivals;

/// <summary>Arrivals that know nothing of each other, at one rate.</summary>
/// <param name="rate">Requests a second.</param>
internal sealed class PoissonTraffic(double rate) : Traffic
{
    public override double RateMean => rate;

    public override Traffic Scaled(double factor) => new PoissonTraffic(rate * factor);

    public override ArrivalStream Open(ulong seed, long duration) => new Stream(rate, seed, duration);

    private sealed class Stream(double rate, ulong seed, long duration) : ArrivalStream
    {
        private readonly SeededRandom _chance = SeededRandom.Stream(seed, "arrivals");
        private readonly double _gap = 1e6 / rate;
        private double _at;

        public override bool TryNext(out SimArrival next)
        {
            _at -= Math.Log(1 - _chance.NextDouble()) * _gap;
            next = new SimArrival { At = (long)_at, Service = -1, Upload = -1, Route = -1 };
            return _at < duration;
        }
    }
}
