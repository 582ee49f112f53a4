using Weir.Config;
using Weir.Core.Ledger;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Answers;

/// <summary>What apps do wrong, and what their clients hear of it.</summary>
public sealed class AppFaultTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private const string Post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";

    [Theory]
    [InlineData(Get)]
    [InlineData(Post)]
    public void An_app_that_closes_without_an_answer_is_H13(string request)
    {
        using var app = new ScriptedApp(connection => connection.ReadRequest());
        using var house = TestHouse.Before(app);
        var answer = house.Ask(request);
        Assert.Equal((503, "H13"), (answer.Status, answer.Field("X-Weir-Code")));
        // What may not be made twice is not.
        if (request == Post) Assert.Single(app.Heads);
        house.AllSlotsComeBack();
    }

    [Fact]
    public void An_app_that_resets_is_H13()
    {
        using var app = new ScriptedApp(connection =>
        {
            connection.ReadRequest();
            connection.Reset();
        });
        using var house = TestHouse.Before(app);
        Assert.Equal("H13", house.Ask(Post).Field("X-Weir-Code"));
        house.AllSlotsComeBack();
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 98\r\n\r\nhalf")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    public void Half_an_answer_is_H18_and_the_clients_connection_is_cut(string half)
    {
        using var app = new ScriptedApp(connection =>
        {
            connection.ReadRequest();
            connection.Write(half);
        });
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        client.Send(Get);
        Assert.ThrowsAny<Exception>(() => client.ReadAnswer());
        Assert.Equal(Outcome.AppInterrupted, house.Record().Outcome);
        house.AllSlotsComeBack();
    }

    [Fact]
    public void Half_a_head_is_H18_and_can_still_be_told()
    {
        using var app = new ScriptedApp(connection =>
        {
            connection.ReadRequest();
            connection.Write("HTTP/1.1 200 OK\r\nContent-Le");
        });
        using var house = TestHouse.Before(app);
        Assert.Equal("H18", house.Ask(Get).Field("X-Weir-Code"));
        house.AllSlotsComeBack();
    }

    [Fact]
    public void A_hung_worker_is_H12_and_its_slot_is_abandoned_until_it_answers()
    {
        using var go = new ManualResetEventSlim();
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
            {
                go.Wait();
                connection.Answer("late");
            }
        });
        using var house = Impatient(app);
        using var client = house.Connect();
        var answer = client.Send("POST /reports?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi").ReadAnswer();
        Assert.Equal((503, "H12"), (answer.Status, answer.Field("X-Weir-Code")));
        var instance = house.Instance;
        Assert.Equal((0, 1, 0), (instance.Leased, instance.Abandoned, instance.Free));
        Assert.Equal(("POST", "/reports"), (instance.Holders[0].Method, instance.Holders[0].Path));
        Assert.Contains("POST /reports", house.Status.Apps[0].Stuck, StringComparison.Ordinal);
        // The slot is a fact: the next request waits for it, on the same client connection too.
        client.Send(Get);
        Eventually.True(() => house.Status.Apps[0].Queue.Length == 1, "the next request waits");
        Assert.Single(app.Heads);
        go.Set();
        Assert.Equal("late", client.ReadAnswer().Text);
        house.AllSlotsComeBack();
        Assert.Equal(1, app.Accepted);
    }

    [Fact]
    public void A_worker_that_stays_hung_makes_its_slot_lost_until_it_answers()
    {
        using var go = new ManualResetEventSlim();
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
            {
                go.Wait();
                connection.Answer("late");
            }
        });
        using var house = Impatient(app, options => options with
        {
            Apps = [options.Apps[0] with { StuckAfter = TimeSpan.FromMilliseconds(200) }],
        });
        Assert.Equal("H12", house.Ask(Get).Field("X-Weir-Code"));
        Eventually.True(() => house.Instance.Lost == 1, "the slot is lost");
        go.Set();
        house.AllSlotsComeBack();
        Assert.Equal("late", house.Ask(Get).Text);
    }

    [Fact]
    public void An_app_that_stops_in_its_answer_is_H15()
    {
        using var go = new ManualResetEventSlim();
        using var app = new ScriptedApp(connection =>
        {
            connection.ReadRequest();
            connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf");
            go.Wait();
            connection.Write("more");
        });
        using var house = TestHouse.Before(app, 1, options => options with
        {
            Apps = [options.Apps[0] with { IdleTimeout = TimeSpan.FromMilliseconds(300) }],
        });
        using var client = house.Connect();
        client.Send(Get);
        Assert.ThrowsAny<Exception>(() => client.ReadAnswer());
        Assert.Equal(Outcome.AppIdle, house.Record().Outcome);
        Assert.Equal(1, house.Instance.Abandoned);
        go.Set();
        house.AllSlotsComeBack();
    }

    [Fact]
    public void A_client_that_goes_while_the_app_works_leaves_the_slot_taken_until_the_app_ends()
    {
        using var go = new ManualResetEventSlim();
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
            {
                go.Wait();
                connection.Answer("late");
            }
        });
        using var house = TestHouse.Before(app);
        var client = house.Connect();
        client.Send(Get);
        Eventually.True(() => app.Heads.Count == 1, "the app works");
        client.Reset();
        Assert.Equal(Outcome.ClientGoneWaiting, house.Record().Outcome);
        Assert.Equal(499, house.Record().Status);
        Assert.Equal((0, 1), (house.Instance.Leased, house.Instance.Abandoned));
        using var next = house.Connect();
        next.Send(Get);
        Eventually.True(() => house.Status.Apps[0].Queue.Length == 1, "the next request waits");
        Assert.Equal(1, app.WorkingMost);
        go.Set();
        Assert.Equal("late", next.ReadAnswer().Text);
        Assert.Equal(1, app.WorkingMost);
        house.AllSlotsComeBack();
    }

    [Fact]
    public void An_answer_before_the_body_was_read_reaches_the_client()
    {
        using var app = new ScriptedApp(connection =>
        {
            connection.ReadHead();
            connection.Write("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno");
            connection.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            Thread.Sleep(200);
        });
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n").Send(new byte[5_000_000]);
        var answer = client.ReadAnswer();
        Assert.Equal((403, "no"), (answer.Status, answer.Text));
        house.AllSlotsComeBack();
    }

    private static TestHouse Impatient(ScriptedApp app, Func<WeirOptions, WeirOptions>? change = null) =>
        TestHouse.Before(app, 1, options =>
        {
            var quick = options with
            {
                Apps = [options.Apps[0] with { FirstByteTimeout = TimeSpan.FromMilliseconds(300) }],
            };
            return change is null ? quick : change(quick);
        });
}
