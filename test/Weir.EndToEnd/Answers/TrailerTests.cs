using System.Text;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Answers;

/// <summary>Trailers go on by allow list, and nobody mistakes them for the next answer.</summary>
public sealed class TrailerTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE\r\n\r\n";

    [Fact]
    public void Announced_trailers_of_the_allow_list_go_on_and_others_do_not()
    {
        using var app = ScriptedApp.Answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Server-Timing, Set-Cookie, ETag\r\n\r\n"
            + "2\r\nok\r\n0\r\nServer-Timing: db;dur=3\r\nSet-Cookie: a=1\r\nContent-Length: 5\r\nETag: \"x\"\r\n\r\n");
        using var house = TestHouse.Before(app);
        var answer = All(house, Get + Get.Replace("Connection: TE", "Connection: close", StringComparison.Ordinal));
        const string trailers = "\r\n0\r\nServer-Timing: db;dur=3\r\nETag: \"x\"\r\n\r\n";
        Assert.Equal(3, answer.Split(trailers).Length);
        Assert.DoesNotContain("Set-Cookie: a=1", answer);
        Assert.DoesNotContain("Content-Length", answer);
        Assert.Equal(1, app.Accepted);
    }

    [Fact]
    public void Trailers_of_a_request_stay_behind()
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app);
        var answer = house.Ask("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Late\r\n\r\n"
            + "3\r\nabc\r\n0\r\nX-Late: 1\r\n\r\n");
        Assert.Equal((200, "abc"), (answer.Status, answer.Text));
        Assert.DoesNotContain("X-Late", app.Heads[0]);
        Assert.Equal("3", AppConnection.Field(app.Heads[0], "Content-Length"));
    }

    private static string All(TestHouse house, string requests)
    {
        using var client = house.Connect();
        return Encoding.Latin1.GetString(client.Send(requests).ReadToEnd());
    }
}
