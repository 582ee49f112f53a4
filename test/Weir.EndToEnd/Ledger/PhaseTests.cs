using System.Diagnostics;
using Weir.Core.Ledger;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Ledger;

/// <summary>Every microsecond of an exchange has an owner, however it ends.</summary>
public sealed class PhaseTests
{
    [Theory]
    [InlineData("/", nameof(Outcome.Answered))]
    [InlineData("/none", nameof(Outcome.ClosedWithoutResponse))]
    [InlineData("/half", nameof(Outcome.AppInterrupted))]
    [InlineData("/garbage", nameof(Outcome.AppMalformed))]
    [InlineData("/slow", nameof(Outcome.FirstByteTimeout))]
    [InlineData("/stop", nameof(Outcome.AppIdle))]
    [InlineData("/health", nameof(Outcome.AnsweredHere))]
    [InlineData("/#x", nameof(Outcome.RefusedByGate))]
    public void Phases_add_up_to_what_the_client_waited_at_most(string path, string outcome) =>
        Check(path, Enum.Parse<Outcome>(outcome));

    [Fact]
    public void A_slow_body_is_receive_and_a_wait_is_queue_and_work_is_app()
    {
        using var go = new ManualResetEventSlim();
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
            {
                go.Wait();
                Thread.Sleep(60);
                connection.Answer("ok");
            }
        });
        using var house = TestHouse.Before(app);
        using var first = house.Connect();
        first.Send("GET /first HTTP/1.1\r\nHost: a\r\n\r\n");
        Eventually.True(() => app.Heads.Count == 1, "the first works");
        using var second = house.Connect();
        second.Send("POST /second HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
        Eventually.True(() => house.House.Open.Stages().Contains("Body"), "its body is awaited");
        Thread.Sleep(60);
        second.Send("lo");
        Eventually.True(() => house.Status.Apps[0].Queue.Length == 1, "the second waits");
        Thread.Sleep(60);
        go.Set();
        second.ReadAnswer();
        var record = house.Record(2);
        foreach (var phase in new[] { Phase.Receive, Phase.Queue, Phase.App })
            Assert.True(record.Times[(int)phase] >= 55_000, $"{phase}: {record.Times[(int)phase]}");
        Assert.Equal((5, 2, "web", "web.1"), (record.RequestBytes, record.ResponseBytes, record.App, record.Instance));
        Assert.InRange(record.WorkerMicros, 55_000, record.Times.Total);
    }

    private static void Check(string path, Outcome outcome)
    {
        using var app = new ScriptedApp(connection =>
        {
            var head = connection.ReadRequest() ?? "";
            var what = head.Split(' ')[1];
            if (what == "/half") connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
            if (what == "/garbage") connection.Write("garbage\r\n\r\n");
            if (what == "/slow") Thread.Sleep(800);
            if (what == "/stop")
            {
                connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
                Thread.Sleep(800);
            }

            if (what == "/") connection.Answer("ok");
        });
        using var house = TestHouse.Before(app, 1, options => options with
        {
            Edge = options.Edge with { HealthPath = "/health" },
            Apps =
            [
                options.Apps[0] with
                {
                    FirstByteTimeout = TimeSpan.FromMilliseconds(200),
                    IdleTimeout = TimeSpan.FromMilliseconds(200),
                },
            ],
        });
        var clock = Stopwatch.StartNew();
        using var client = house.Connect();
        client.Send($"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");
        try
        {
            client.ReadAnswer();
        }
        catch (Exception fault) when (fault is IOException or System.Net.Sockets.SocketException)
        {
            // Cut in the middle of the answer.
        }

        var record = house.Record();
        Assert.Equal(outcome, record.Outcome);
        long sum = 0;
        foreach (var part in record.Times)
        {
            Assert.True(part >= 0, "a phase of negative length");
            sum += part;
        }

        Assert.Equal(sum, record.Times.Total);
        Assert.InRange(record.Times.Total, 1, (clock.ElapsedMilliseconds + 1) * 1000);
        house.AllSlotsComeBack();
    }
}
