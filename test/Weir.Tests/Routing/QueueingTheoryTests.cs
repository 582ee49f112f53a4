using Weir.Core.Chance;
using Weir.Core.Routing;

namespace Weir.Tests.Routing;

/// <summary>The policies against known results, with exponential service of mean 1 s and Poisson arrivals.</summary>
public sealed class QueueingTheoryTests
{
    [Theory]
    // Erlang C for 8 servers at 0.8: C / (8 − 6.4) services.
    [InlineData(nameof(RoutingPolicy.Central), 8, 1, 0.8, 0.2860, 0.06)]
    [InlineData(nameof(RoutingPolicy.Central), 1, 8, 0.8, 0.2860, 0.06)]
    // Each instance its own M/M/1: ρ / (1 − ρ).
    [InlineData(nameof(RoutingPolicy.Random), 8, 1, 0.7, 2.333, 0.08)]
    // 8 × 2 at 0.7 by an independent simulator: power of two 0.199, round robin 0.401, least connections 0.048.
    [InlineData(nameof(RoutingPolicy.PowerOfTwo), 8, 2, 0.7, 0.199, 0.08)]
    [InlineData(nameof(RoutingPolicy.RoundRobin), 8, 2, 0.7, 0.401, 0.08)]
    [InlineData(nameof(RoutingPolicy.LeastConnections), 8, 2, 0.7, 0.048, 0.1)]
    public void The_mean_wait_is_what_theory_says(string policy, int instances, int slots, double load, double wait,
        double tolerance)
    {
        var world = new Simulation(Enum.Parse<RoutingPolicy>(policy), instances, slots, load, seed: 7);
        var mean = world.MeanWait(400_000);
        Assert.InRange(mean, wait * (1 - tolerance), wait * (1 + tolerance));
    }

    private sealed class Simulation
    {
        private const double MeanService = 1_000_000;
        private readonly SeededRandom _arrivals;
        private readonly SeededRandom _services;
        private readonly PriorityQueue<RoutingEvent, (long At, long Order)> _ends = new();
        private readonly Stack<int> _free = new();
        private readonly Dictionary<int, long> _arrivedAt = [];
        private readonly CommandBuffer _buffer = new();
        private readonly AppRouter _router;
        private readonly double _gap;
        private long _order;
        private int _tickets;
        private double _waited;
        private long _leases;
        private bool _isWarm;

        public Simulation(RoutingPolicy policy, int instances, int slots, double load, ulong seed)
        {
            _arrivals = SeededRandom.Stream(seed, "arrivals");
            _services = SeededRandom.Stream(seed, "services");
            _gap = MeanService / (load * instances * slots);
            _router = new AppRouter(SeededRandom.Stream(seed, "routing"))
            {
                Options = new RoutingOptions { Policy = policy, QueueLengthMax = 0, QueueWaitMax = 0 },
            };
            for (var i = 0; i < instances; i++)
                Step(0, new RoutingEvent { Kind = RoutingEventKind.InstanceUp, Instance = i, Count = slots });
        }

        public double MeanWait(int requests)
        {
            double next = 0;
            for (var i = 0; i < requests; i++)
            {
                next += Exponential(_arrivals, _gap);
                while (_ends.TryPeek(out var ended, out var due) && due.At <= (long)next)
                {
                    _ends.Dequeue();
                    _free.Push(ended.Ticket);
                    Step(due.At, ended);
                }
                _isWarm = i > requests / 10;
                var ticket = _free.Count > 0 ? _free.Pop() : _tickets++;
                _arrivedAt[ticket] = (long)next;
                Step((long)next, new RoutingEvent { Kind = RoutingEventKind.Arrived, Ticket = ticket });
            }
            return _waited / _leases / MeanService;
        }

        private static double Exponential(SeededRandom chance, double mean) =>
            -Math.Log(1 - chance.NextDouble()) * mean;

        private void Step(long now, in RoutingEvent happened)
        {
            _buffer.Clear();
            _router.Step(now, happened, _buffer);
            for (var i = 0; i < _buffer.Count; i++)
            {
                var lease = _buffer[i];
                if (lease.Kind != RoutingCommandKind.Lease)
                    continue;
                if (_isWarm)
                {
                    _waited += now - _arrivedAt[lease.Ticket];
                    _leases++;
                }
                _ends.Enqueue(new RoutingEvent
                {
                    Kind = RoutingEventKind.ResponseEnded,
                    Ticket = lease.Ticket,
                    Attempt = lease.Attempt,
                    Instance = lease.Instance,
                    Slot = lease.Slot,
                }, (now + (long)Exponential(_services, MeanService), _order++));
            }
        }
    }
}
