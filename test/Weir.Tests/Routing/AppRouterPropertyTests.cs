using Weir.Core.Routing;

namespace Weir.Tests.Routing;

public sealed class AppRouterPropertyTests
{
    private const int StepsAWorld = 150;

    [Theory]
    [InlineData(nameof(RoutingPolicy.Central), 3000, false)]
    [InlineData(nameof(RoutingPolicy.Central), 1500, true)]
    [InlineData(nameof(RoutingPolicy.LeastConnections), 400, false)]
    [InlineData(nameof(RoutingPolicy.PowerOfTwo), 400, false)]
    [InlineData(nameof(RoutingPolicy.RoundRobin), 400, false)]
    [InlineData(nameof(RoutingPolicy.Random), 400, false)]
    public void No_order_of_events_breaks_a_promise(string policy, int worlds, bool isShifting)
    {
        var leases = 0;
        for (var seed = 0; seed < worlds; seed++)
        {
            var world = new RandomWorld((ulong)seed, Enum.Parse<RoutingPolicy>(policy))
            {
                IsShifting = isShifting,
            };
            try
            {
                world.Run(StepsAWorld);
                world.Settle();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{policy}, shifting {isShifting}, seed {seed}: {e.Message}", e);
            }
            Assert.True(world.Router.InFlight == 0, $"{policy}, seed {seed}: leases remain");
            Assert.True(world.Router.QueueLength == 0, $"{policy}, seed {seed}: requests remain");
            for (var i = 0; i < world.Router.InstanceCount; i++)
                Assert.Equal(0, world.Router.Instance(i).Tunnels + world.Router.Instance(i).Streams);
            leases += world.Leases;
        }
        // The worlds are lively enough to mean something.
        Assert.True(leases > worlds * 10, $"only {leases} leases");
    }

    [Theory]
    [InlineData(nameof(RoutingPolicy.Central))]
    [InlineData(nameof(RoutingPolicy.LeastConnections))]
    [InlineData(nameof(RoutingPolicy.Random))]
    public void The_same_events_give_the_same_commands(string policy)
    {
        var hashes = new HashSet<ulong>();
        for (var seed = 0UL; seed < 50; seed++)
        {
            var one = new RandomWorld(seed, Enum.Parse<RoutingPolicy>(policy));
            var other = new RandomWorld(seed, Enum.Parse<RoutingPolicy>(policy));
            one.Run(StepsAWorld);
            other.Run(StepsAWorld);
            Assert.Equal(one.Hash, other.Hash);
            hashes.Add(one.Hash);
        }
        Assert.True(hashes.Count > 40);
    }
}
