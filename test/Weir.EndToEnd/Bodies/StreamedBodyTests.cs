using Weir.Core.Ledger;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Bodies;

/// <summary>Routes that ask for it get a body as it comes.</summary>
public sealed class StreamedBodyTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_streamed_body_goes_on_as_it_comes(bool chunked)
    {
        using var app = new ScriptedApp(connection =>
        {
            var head = connection.ReadHead()!;
            var seen = "";
            while (!seen.Contains("first", StringComparison.Ordinal))
                seen += System.Text.Encoding.Latin1.GetString(connection.ReadSome());
            connection.Write("HTTP/1.1 103 Early Hints\r\nX-Seen: first\r\n\r\n");
            while (!seen.Contains("second", StringComparison.Ordinal))
                seen += System.Text.Encoding.Latin1.GetString(connection.ReadSome());
            while (chunked && !seen.EndsWith("0\r\n\r\n", StringComparison.Ordinal))
                seen += System.Text.Encoding.Latin1.GetString(connection.ReadSome());
            connection.Answer(AppConnection.Field(head, chunked ? "Transfer-Encoding" : "Content-Length"));
        });
        using var house = Streaming(app);
        using var client = house.Connect();
        client.Send("POST /up HTTP/1.1\r\nHost: a\r\n" + (chunked
            ? "Transfer-Encoding: chunked\r\n\r\n5;x\r\nfirst\r\n" : "Content-Length: 11\r\n\r\nfirst"));
        // The app has the first piece while the second is not sent yet.
        Assert.Equal("first", client.ReadAnswer().Field("X-Seen"));
        Assert.Equal(1, house.Instance.Leased);
        client.Send(chunked ? "6\r\nsecond\r\n0\r\n\r\n" : "second");
        Assert.Equal(chunked ? "chunked" : "11", client.ReadAnswer().Text);
        Assert.True(house.Record().Streamed);
        house.AllSlotsComeBack();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_large_streamed_body_arrives_byte_equal(bool chunked)
    {
        var body = new byte[5_000_000];
        new Random(5).NextBytes(body);
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
                connection.Answer(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(connection.Body)));
        });
        using var house = Streaming(app);
        using var client = house.Connect();
        client.Send("POST /up HTTP/1.1\r\nHost: a\r\n"
            + (chunked ? "Transfer-Encoding: chunked\r\n\r\n4C4B40\r\n" : "Content-Length: 5000000\r\n\r\n"));
        client.Send(body).Send(chunked ? "\r\n0\r\n\r\n" : "");
        Assert.Equal(
            Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(body)), client.ReadAnswer().Text);
        Assert.False(house.Record().Spilled);
        house.AllSlotsComeBack();
    }

    [Fact]
    public void A_client_that_vanishes_in_a_streamed_body_frees_the_slot()
    {
        using var app = ScriptedApp.Echo();
        using var house = Streaming(app);
        var client = house.Connect();
        client.Send("POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nsome");
        Eventually.True(() => app.Heads.Count == 1, "the app has the head");
        client.Reset();
        // The app can never have the whole request, so its connection is cut and its worker free.
        Assert.Equal(Outcome.ClientGoneReceiving, house.Record().Outcome);
        house.AllSlotsComeBack();
        Assert.Equal(200, house.Get().Status);
    }

    [Fact]
    public void An_answer_before_the_streamed_body_is_read_reaches_the_client()
    {
        using var app = new ScriptedApp(connection =>
        {
            connection.ReadHead();
            connection.Write("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
            connection.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            Thread.Sleep(300);
        });
        using var house = Streaming(app);
        using var client = house.Connect();
        client.Send("POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nsome");
        var answer = client.ReadAnswer();
        Assert.Equal((403, "no", "close"), (answer.Status, answer.Text, answer.Field("Connection")));
        house.AllSlotsComeBack();
    }

    private static TestHouse Streaming(ScriptedApp app) => TestHouse.Before(app, 1, options => options with
    {
        Apps = [options.Apps[0] with { Routes = [new() { Path = "/up", Stream = true }] }],
    });
}
