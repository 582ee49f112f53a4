using System.Collections.Concurrent;
using Weir.Core.Routing;
using Weir.Tests.Support;

namespace Weir.Tests.Routing;

public sealed class AppRouterConcurrencyTests
{
    private const int Requests = 20_000;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(4, 1)]
    public void Threads_around_one_lock_never_have_one_lease_too_many(int instances, int slots)
    {
        var app = new FakeApp(instances, slots);
        SideThread.RunAll(4, _ => app.Work());
        Assert.Null(app.Fault);
        Assert.Equal(Requests, app.Served);
        Assert.Equal(0, app.Router.InFlight);
        Assert.Equal(0, app.Router.QueueLength);
    }

    // Commands are carried out after the lock is left, in any order, as the live router does it.
    private sealed class FakeApp
    {
        private readonly Lock _lock = new();
        private readonly ConcurrentBag<RoutingCommand> _toDo = [];
        private readonly int[] _running;
        private readonly int _slots;
        private int _arrived;
        private int _served;

        public FakeApp(int instances, int slots)
        {
            _slots = slots;
            _running = new int[instances];
            Router.Options = new RoutingOptions { QueueLengthMax = 0, QueueWaitMax = 0 };
            for (var i = 0; i < instances; i++)
                Step(new RoutingEvent { Kind = RoutingEventKind.InstanceUp, Instance = i, Count = slots }, new());
        }

        public AppRouter Router { get; } = new();

        public string? Fault { get; private set; }

        public int Served => _served;

        public void Work()
        {
            var buffer = new CommandBuffer();
            while (Fault is null && Volatile.Read(ref _served) < Requests)
            {
                var ticket = Interlocked.Increment(ref _arrived) - 1;
                if (ticket < Requests)
                    Step(new RoutingEvent { Kind = RoutingEventKind.Arrived, Ticket = ticket }, buffer);
                while (_toDo.TryTake(out var command))
                    Serve(command, buffer);
            }
        }

        private void Serve(in RoutingCommand lease, CommandBuffer buffer)
        {
            var running = Interlocked.Increment(ref _running[lease.Instance]);
            if (running > _slots)
                Fault = $"{running} requests on {_slots} slots";
            Thread.SpinWait(20);
            Interlocked.Decrement(ref _running[lease.Instance]);
            Interlocked.Increment(ref _served);
            Step(new RoutingEvent
            {
                Kind = RoutingEventKind.ResponseEnded,
                Ticket = lease.Ticket,
                Attempt = lease.Attempt,
                Instance = lease.Instance,
                Slot = lease.Slot,
            }, buffer);
        }

        private void Step(in RoutingEvent happened, CommandBuffer buffer)
        {
            buffer.Clear();
            lock (_lock)
                Router.Step(_arrived, happened, buffer);
            for (var i = 0; i < buffer.Count; i++)
            {
                if (buffer[i].Kind == RoutingCommandKind.Lease)
                    _toDo.Add(buffer[i]);
            }
        }
    }
}
