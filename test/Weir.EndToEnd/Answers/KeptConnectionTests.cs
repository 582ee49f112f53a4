using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Answers;

/// <summary>Connections to the app: kept where it allows, and raced closes handled.</summary>
public sealed class KeptConnectionTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(100)]
    public void An_app_that_closes_after_each_answer_serves_a_client_that_keeps_on(int closesAfterMs)
    {
        using var app = new ScriptedApp(connection =>
        {
            connection.ReadRequest();
            connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
            if (closesAfterMs > 0) Thread.Sleep(closesAfterMs);
        });
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        // The next request comes at once, while the last one's slot still waits for the app's close.
        for (var i = 0; i < 20; i++) Assert.Equal("ok", client.Send(Get).ReadAnswer().Text);
        client.Send(string.Concat(Enumerable.Repeat(Get, 10)));
        for (var i = 0; i < 10; i++) Assert.Equal("ok", client.ReadAnswer().Text);
        Assert.Equal(30, app.Accepted);
        house.AllSlotsComeBack();
    }

    [Fact]
    public void One_connection_serves_one_slot_after_another()
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app, 4);
        for (var i = 0; i < 20; i++) Assert.Equal(200, house.Get().Status);
        // The next client may come before the last one's slot is back; then a second connection is right.
        Assert.InRange(app.Accepted, 1, 2);
        var clients = Enumerable.Range(0, 16).AsParallel().WithDegreeOfParallelism(16)
            .Select(_ => Enumerable.Range(0, 20).All(_ => house.Get().Status == 200)).ToList();
        Assert.All(clients, Assert.True);
        // At most one connection a slot, whatever comes.
        Assert.InRange(app.Accepted, 1, 4);
    }

    [Fact]
    public void Idempotent_requests_never_fail_on_connections_that_the_app_closes_meanwhile()
    {
        var random = new Random(3);
        using var app = new ScriptedApp(connection =>
        {
            for (var i = 0; i < 3 && connection.ReadRequest() is not null; i++) connection.Answer("ok");
            // Sometimes the next request is already on its way.
            Thread.Sleep(random.Next(0, 3));
        });
        using var house = TestHouse.Before(app, 4);
        var failed = Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4).Sum(_ =>
        {
            using var client = house.Connect();
            return Enumerable.Range(0, 200).Count(_ => client.Send(Get).ReadAnswer().Status != 200);
        });
        Assert.True(failed == 0, string.Join(", ", house.Records().Where(one => one.Status != 200)
            .Select(one => $"{one.Outcome} after {one.Tries} tries")));
        house.AllSlotsComeBack();
    }

    [Fact]
    public void A_kept_connection_that_died_is_replaced_for_any_method()
    {
        using var app = new ScriptedApp(connection =>
        {
            connection.ReadRequest();
            connection.Answer("ok");
        });
        using var house = TestHouse.Before(app);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(200, house.Get().Status);
            // The close is here: it is seen before anything is sent.
            Eventually.True(() => app.Accepted == (2 * i) + 1, "a connection each");
            Thread.Sleep(20);
            Assert.Equal(200, house.Ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi").Status);
            Thread.Sleep(20);
        }
    }
}
