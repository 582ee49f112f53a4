namespace Weir.Sim.Arrivals;

/// <summary>A log's requests at their own times, each with its own service time.</summary>
internal sealed class LogTraffic : Traffic
{
    private readonly List<(long At, long Service, int Route)> _requests;
    private readonly double _factor;

    public LogTraffic(List<(long At, long Service, int Route)> requests, double factor = 1)
    {
        if (factor.Equals(1.0))
            requests.Sort();
        (_requests, _factor) = (requests, factor);
    }

    public override double RateMean => _requests.Count / (Duration / 1e6);

    public override long Duration => Math.Max(1, (long)((_requests[^1].At - _requests[0].At) / _factor) + 1);

    public override Traffic Scaled(double factor) => new LogTraffic(_requests, _factor * factor);

    public override ArrivalStream Open(ulong seed, long duration) => new Stream(this);

    private sealed class Stream(LogTraffic traffic) : ArrivalStream
    {
        private int _index;

        public override bool TryNext(out SimArrival next)
        {
            next = default;
            if (_index == traffic._requests.Count)
                return false;
            var (at, service, route) = traffic._requests[_index++];
            next = new SimArrival
            {
                At = (long)((at - traffic._requests[0].At) / traffic._factor),
                Service = service,
                Upload = -1,
                Route = route,
            };
            return true;
        }
    }
}
