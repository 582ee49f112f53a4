using Weir.Core.Chance;

namespace Weir.Sim.Arrivals;

/// <summary>
/// Poisson at one rate, and at Factor times that rate during bursts; bursts and the times between them are exponential.
/// </summary>
/// <param name="rate">Requests a second between bursts.</param>
/// <param name="length">Mean length of a burst, microseconds.</param>
/// <param name="pause">Mean time between bursts, microseconds.</param>
internal sealed class BurstTraffic(double rate, double factor, double length, double pause) : Traffic
{
    public override double RateMean => rate * (pause + factor * length) / (pause + length);

    public override Traffic Scaled(double other) => new BurstTraffic(rate * other, factor, length, pause);

    public override ArrivalStream Open(ulong seed, long duration) => new Stream(this, seed, duration);

    private double Rate(bool isBurst) => isBurst ? rate * factor : rate;

    private double Mean(bool isBurst) => isBurst ? length : pause;

    private sealed class Stream : ArrivalStream
    {
        private readonly BurstTraffic _traffic;
        private readonly SeededRandom _chance;
        private readonly SeededRandom _bursts;
        private readonly long _duration;
        private double _at;
        private double _changesAt;
        private bool _isBurst;

        public Stream(BurstTraffic traffic, ulong seed, long duration)
        {
            (_traffic, _duration) = (traffic, duration);
            _chance = SeededRandom.Stream(seed, "arrivals");
            _bursts = SeededRandom.Stream(seed, "bursts");
            _changesAt = Exponential(_bursts) * traffic.Mean(false);
        }

        public override bool TryNext(out SimArrival next)
        {
            // In units of the mean gap: what is left of it is carried over each change of the rate.
            var left = Exponential(_chance);
            while (true)
            {
                var gap = 1e6 / _traffic.Rate(_isBurst);
                if (_at + left * gap <= _changesAt)
                {
                    _at += left * gap;
                    break;
                }

                left -= (_changesAt - _at) / gap;
                _at = _changesAt;
                _isBurst = !_isBurst;
                _changesAt += Exponential(_bursts) * _traffic.Mean(_isBurst);
            }

            next = new SimArrival { At = (long)_at, Service = -1, Upload = -1, Route = -1 };
            return _at < _duration;
        }

        private static double Exponential(SeededRandom chance) => -Math.Log(1 - chance.NextDouble());
    }
}
