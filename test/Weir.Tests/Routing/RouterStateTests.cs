using Weir.Core.Routing;

namespace Weir.Tests.Routing;

/// <summary>A router's state as bytes, taken at any moment of any life.</summary>
public sealed class RouterStateTests
{
    [Theory]
    [InlineData(nameof(RoutingPolicy.Central))]
    [InlineData(nameof(RoutingPolicy.LeastConnections))]
    [InlineData(nameof(RoutingPolicy.RoundRobin))]
    [InlineData(nameof(RoutingPolicy.Random))]
    public void A_router_made_from_a_state_goes_on_as_the_other(string policy)
    {
        for (var seed = 0UL; seed < 200; seed++)
        {
            var world = new RandomWorld(seed, Enum.Parse<RoutingPolicy>(policy)) { IsShifting = seed % 2 == 0 };
            world.Run((int)seed);
            var twin = new AppRouter();
            twin.Pass(new StateBytes(Written(world.Router)));
            Assert.Equal(Written(world.Router), Written(twin));
            world.Twin = twin;
            world.Run(150);
            world.Settle();
            Assert.Equal(Written(world.Router), Written(twin));
        }
    }

    [Fact]
    public void A_state_that_is_cut_is_refused_and_no_length_in_it_is_believed()
    {
        var world = new RandomWorld(7, RoutingPolicy.Central);
        world.Run(100);
        var whole = Written(world.Router);
        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<FormatException>(() => new AppRouter().Pass(new StateBytes(whole.AsSpan(0, length))));
    }

    private static byte[] Written(AppRouter router)
    {
        var state = new StateBytes();
        router.Pass(state);
        return state.Written.ToArray();
    }
}
