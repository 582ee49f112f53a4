using System.Collections.Concurrent;
using Weir.Core.Chance;
using Weir.Core.Routing;
using Weir.Routing;
using Weir.Tests.Support;

namespace Weir.Tests.Faults;

/// <summary>Commands of concurrent steps reach their exchanges late, from any thread and in any order.</summary>
public sealed class CourierTests
{
    private const int Seeds = 6;
    private const int Threads = 3;

    [Fact]
    public async Task Commands_may_come_late_and_in_any_order()
    {
        for (ulong seed = 1001; seed <= 1000 + Seeds; seed++)
        {
            using var stop = new CancellationTokenSource();
            var held = new ConcurrentQueue<(ILeaseHolder Holder, RoutingCommand Command)>();
            var couriers = new List<SideThread>();
            using var world = new FaultWorld(seed, (house, _) =>
                house.Rooms.Apps[0].Courier = (holder, command) => held.Enqueue((holder, command)));
            for (var index = 0; index < Threads; index++)
                couriers.Add(Start(seed, index, held, stop.Token));
            var told = await world.RunAsync();
            await stop.CancelAsync();
            couriers.ForEach(courier => courier.Join());
            Assert.True(told.Count == 0, $"seed {seed}: {string.Join("\n", told)}");
        }
    }

    private static SideThread Start(
        ulong seed,
        int index,
        ConcurrentQueue<(ILeaseHolder Holder, RoutingCommand Command)> held,
        CancellationToken stop) =>
        SideThread.Start(() =>
        {
            var chance = SeededRandom.Stream(seed, $"courier {index}");
            var mine = new List<(ILeaseHolder Holder, RoutingCommand Command)>();
            while (!stop.IsCancellationRequested)
            {
                while (held.TryDequeue(out var one))
                    mine.Add(one);
                // Some are given out, in any order; the others wait for another round.
                for (var left = chance.NextBelow(mine.Count + 1); left > 0; left--)
                {
                    var place = chance.NextBelow(mine.Count);
                    mine[place].Holder.Deliver(mine[place].Command);
                    mine.RemoveAt(place);
                }

                Thread.Sleep(1);
            }
        });
}
