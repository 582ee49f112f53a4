using Weir.Core.Ledger;
using Weir.EndToEnd.Support;
using Weir.Routing;

namespace Weir.EndToEnd.Routing;

/// <summary>Requests that come before the app's first instance is there.</summary>
public sealed class BootTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    [Fact]
    public void They_wait_past_the_queues_own_bound_and_are_answered_by_the_first_instance()
    {
        using var app = ScriptedApp.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        using var house = Booting(new() { QueueWaitMax = 100_000 });
        using var one = house.Connect();
        using var other = house.Connect();
        one.Send(Get);
        other.Send(Get);
        Eventually.True(() => house.Status.Apps[0].Queue.Length == 2, "both wait");
        Eventually.True(() => house.Status.Apps[0].Queue.OldestMs > 300, "and wait on");
        var web = house.House.Rooms.Apps[0];
        web.Add("web.1", app.Address, slots: 1, isAsync: false);
        web.SetBooting(0);
        Assert.Equal("ok", one.ReadAnswer().Text);
        Assert.Equal("ok", other.ReadAnswer().Text);
        // The ledger counts all of it as queue, whatever the queue's clock says.
        Assert.True(house.Record().Times[(int)Phase.Queue] > 300_000);
        house.AllSlotsComeBack();
    }

    [Fact]
    public void After_queue_boot_wait_it_is_h20()
    {
        using var house = Booting(new() { BootWaitMax = 200_000 });
        var answer = house.Get();
        Assert.Equal(503, answer.Status);
        Assert.Contains("H20", answer.Head + answer.Text);
        Assert.Equal(Outcome.BootTimeout, house.RecordOf(Outcome.BootTimeout).Outcome);
        Assert.Equal(1, house.Status.Apps[0].Booting);
    }

    [Fact]
    public void With_nothing_to_wait_for_it_is_h14_at_once()
    {
        using var house = Booting(new());
        house.House.Rooms.Apps[0].SetBooting(0);
        Assert.Equal(503, house.Get().Status);
        house.RecordOf(Outcome.NoInstance);
    }

    private static TestHouse Booting(Core.Routing.RoutingOptions routing)
    {
        var house = TestHouse.Before([], options => options with
        {
            Apps = [new AppOptions { Routing = routing }],
        });
        house.House.Rooms.Apps[0].SetBooting(1);
        return house;
    }
}
