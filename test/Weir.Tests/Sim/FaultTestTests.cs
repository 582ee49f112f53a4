using Weir.Core.Routing;
using Weir.Sim;
using Weir.Sim.Check;

namespace Weir.Tests.Sim;

/// <summary>
/// The deterministic fault test: thousands of short worlds in which everything goes wrong, each step checked. A seed
/// that fails is told with the command that shows it again.
/// </summary>
public sealed class FaultTestTests
{
    private const int Seeds = 2_400;

    [Fact]
    public void No_fault_breaks_a_promise()
    {
        var tests = new FaultTest[Seeds];
        Parallel.For(0, Seeds, index => tests[index] = FaultTest.Run((ulong)index));
        var failed = tests.Where(test => test.Kind != FaultKind.None).ToList();
        Assert.True(failed.Count == 0, string.Join('\n', failed.Take(5).Select(test =>
            $"{test.Kind}: {test.Message}\n    {test.Command}")));
        // The worlds are lively enough to mean something.
        foreach (var scenario in FaultScenario.All)
        {
            var its = tests.Where(test => test.Scenario == scenario.Name).ToList();
            Assert.True(its.Sum(test => test.Leases) > its.Count * 50, $"{scenario.Name} leases too little");
        }

        foreach (var name in (string[])["refuse", "hang", "crash", "backlog", "far", "all"])
            Assert.True(tests.Where(test => test.Scenario == name).Sum(test => test.Failures) > 500, name);
        foreach (var end in Enum.GetValues<ExchangeEnd>())
            Assert.True(tests.Sum(test => test.Ends[(int)end]) > 1_000, $"hardly any {end}");
    }

    [Fact]
    public void One_seed_is_one_run()
    {
        for (var seed = 0UL; seed < 60; seed++)
            Assert.Equal(FaultTest.Run(seed).Hash, FaultTest.Run(seed).Hash);
        Assert.Equal(60, Enumerable.Range(0, 60).Select(seed => FaultTest.Run((ulong)seed).Hash).Distinct().Count());
    }

    /// <summary>The checkers themselves: a router that did this would be found out.</summary>
    [Theory]
    [InlineData("a slot twice", "leased twice")]
    [InlineData("beyond the slots", "no slot left")]
    [InlineData("to one that drains", "takes no leases")]
    [InlineData("the younger first", "overtook")]
    [InlineData("nothing though one is free", "free slot")]
    [InlineData("a lease nobody asked for", "asks for nothing")]
    [InlineData("shed too early", "before its time")]
    [InlineData("shed from a queue with room", "not full")]
    [InlineData("a slot given back twice", "does not hold")]
    public void A_router_that_did_wrong_would_be_found(string wrong, string found)
    {
        var forged = new ForgedRouter();
        var fault = Assert.Throws<CheckException>(() => forged.Do(wrong));
        Assert.Contains(found, fault.Message);
        Assert.Equal(FaultKind.Correctness, fault.Kind);
    }

    /// <summary>Steps that no router made, told to a checker.</summary>
    private sealed class ForgedRouter
    {
        private readonly AppRouter _router = new() { Options = new RoutingOptions { QueueLengthMax = 5 } };
        private readonly RouterChecker _checker;
        private long _now;

        public ForgedRouter()
        {
            _checker = new RouterChecker(_router);
            Real(new RoutingEvent { Kind = RoutingEventKind.InstanceUp, Count = 1 });
        }

        public void Do(string wrong)
        {
            switch (wrong)
            {
                case "a slot twice":
                    Real(Arrived(1));
                    Tell(Arrived(2), Lease(2, 0));
                    break;
                case "beyond the slots":
                    Real(Arrived(1));
                    Tell(Arrived(2), Lease(2, 1));
                    break;
                case "to one that drains":
                    Real(new RoutingEvent { Kind = RoutingEventKind.InstanceDraining });
                    Tell(Arrived(1), Lease(1, 0));
                    break;
                case "the younger first":
                    Queue(2);
                    Tell(new RoutingEvent { Kind = RoutingEventKind.InstanceUp, Count = 1 }, Lease(2, 0));
                    break;
                case "nothing though one is free":
                    Queue(1);
                    Tell(new RoutingEvent { Kind = RoutingEventKind.InstanceUp, Count = 1 });
                    break;
                case "a lease nobody asked for":
                    Tell(Arrived(1), Lease(2, 0));
                    break;
                case "shed too early" or "shed from a queue with room":
                    Tell(Arrived(1), new RoutingCommand
                    {
                        Kind = RoutingCommandKind.Shed,
                        Ticket = 1,
                        Reason = wrong == "shed too early" ? ShedReason.QueueTimeout : ShedReason.QueueFull,
                    });
                    break;
                default:
                    Real(Arrived(1));
                    Real(Ended(1));
                    Tell(Ended(1));
                    break;
            }
        }

        private static RoutingEvent Arrived(int ticket) =>
            new() { Kind = RoutingEventKind.Arrived, Ticket = ticket };

        private static RoutingEvent Ended(int ticket) =>
            new() { Kind = RoutingEventKind.ResponseEnded, Ticket = ticket, Attempt = 1 };

        private static RoutingCommand Lease(int ticket, int slot) =>
            new() { Kind = RoutingCommandKind.Lease, Ticket = ticket, Attempt = 1, Slot = slot };

        // So many wait, and there is nothing for them.
        private void Queue(int count)
        {
            Real(new RoutingEvent { Kind = RoutingEventKind.InstanceDraining });
            for (var ticket = 1; ticket <= count; ticket++, _now++)
                Real(Arrived(ticket));
        }

        private void Real(in RoutingEvent happened)
        {
            var commands = new CommandBuffer();
            _router.Step(_now, happened, commands);
            _checker.Stepped(_now, happened, commands);
        }

        private void Tell(in RoutingEvent happened, params ReadOnlySpan<RoutingCommand> forged)
        {
            var commands = new CommandBuffer();
            foreach (var command in forged)
                commands.Add(command);
            _checker.Stepped(_now, happened, commands);
        }
    }
}
