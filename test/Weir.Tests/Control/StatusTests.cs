using System.Text.Json;
using Weir.Control;

namespace Weir.Tests.Control;

public sealed class StatusTests
{
    [Fact]
    public void All_slots_stuck_is_one_sentence() =>
        Assert.Equal("2 of 2 slots stuck in POST /reports for 41 s", Snapshots.Busy.Apps[0].Stuck);

    [Fact]
    public void Slots_stuck_in_several_places_name_the_most_common()
    {
        var instance = new InstanceSnapshot
        {
            Slots = 4,
            Holders =
            [
                Snapshots.Stuck(0, "leased", 12_000), Snapshots.Stuck(1, "lost", 90_000, "/other"),
                Snapshots.Stuck(2, "abandoned", 31_000), Snapshots.Stuck(3, "leased", 50),
            ],
        };
        Assert.Equal("3 of 4 slots stuck, 2 of them in POST /reports for 31 s", StuckSlots.Sentence([instance]));
    }

    [Theory]
    [InlineData("leased", 9_999)]
    [InlineData("stream", 3_600_000)]
    public void Work_and_streams_are_not_stuck(string state, double ageMs) =>
        Assert.Null(StuckSlots.Sentence([new() { Slots = 1, Holders = [Snapshots.Stuck(0, state, ageMs)] }]));

    [Fact]
    public void The_json_has_the_promised_shape()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(Snapshots.Busy, ControlJson.Default.HouseSnapshot);
        var app = JsonDocument.Parse(json).RootElement.GetProperty("apps")[0];
        Assert.Equal(3, app.GetProperty("queue").GetProperty("length").GetInt32());
        var instance = app.GetProperty("instances")[0];
        Assert.Equal("web.1", instance.GetProperty("name").GetString());
        Assert.Equal(2, instance.GetProperty("slots").GetInt32());
        Assert.Equal(0, instance.GetProperty("leased").GetInt32());
    }

    [Fact]
    public void What_is_kept_warm_is_told_with_its_cost()
    {
        var story = new WarmSnapshot
        {
            Route = "/report",
            Requests = 16,
            RoundWorkerSeconds = 112.04,
            WorkerShare = 0.2334,
            Budget = 0.25,
            DueInSeconds = 368,
        };
        Assert.Equal(
            "warm /report: 16 requests, a round takes 112.0 s of a worker, 23.3 % of one, next in 368 s",
            WarmText.Line(story));
        Assert.Equal(
            "warm /report: 16 requests, a round takes 112.0 s of a worker, 23.3 % of one, under way, 3 to go, 2 times "
                + "wanted over its budget of 25 %; NOT STORED: 1, a.example/report: 401, status",
            WarmText.Line(story with
            {
                UnderWay = true,
                Left = 3,
                Refused = 2,
                Failed = 1,
                Failure = "a.example/report: 401, status",
            }));
        Assert.Equal(
            "warm /: 0 requests, what a round takes is not known yet, next when a worker idles",
            WarmText.Line(new WarmSnapshot { Route = "/" }));
        var page = PrometheusText.Write(null, Snapshots.Busy with
        {
            Apps = [Snapshots.Busy.Apps[0] with { Warm = [story] }],
        });
        Assert.Contains("weir_warm_round_worker_time_seconds{app=\"web\",route=\"/report\"} 112.04", page);
        PrometheusTextTests.AssertValid(page);
    }

    [Fact]
    public void A_pooler_alone_speaks_of_clients()
    {
        var text = StatusText.Render(Snapshots.Busy with
        {
            Apps = [],
            Bypasses = [],
            Listen = ["127.0.0.1:6432"],
            IsPaused = true,
            Pools =
            [
                new() { Name = "shop/app", Mode = "transaction", Size = 20, Lent = 2, Waiting = 1, OldestMs = 40 },
                new() { Name = "shop/report", Mode = "session", Size = 20, Busy = 3.5, SizeProposed = 8 },
            ],
        });
        Assert.Contains("busy at once in the last minute: 3.5 on average; a size of 8 serves that\n", text);
        Assert.Contains("on 127.0.0.1:6432\n", text);
        Assert.DoesNotContain("requests", text);
        Assert.Contains("PAUSED: clients wait in line; `weir resume` lets them go\n", text);
        Assert.Contains(
            "pool shop/app (transaction): 2 of 20 lent, 0 idle, 0 pinned, 1 waiting, the first for 40 ms", text);
    }

    [Fact]
    public void The_text_fits_one_screen_and_says_what_is_wrong()
    {
        var text = StatusText.Render(Snapshots.Busy);
        Assert.StartsWith("weir 0.1.0, pid 42, up 3 min 12 s, on http://0.0.0.0:8080\n", text);
        Assert.Contains("BYPASSED: slots", text);
        Assert.Contains("app web (central): 3 of 100 in queue, the first for 1250 ms", text);
        Assert.Contains("  web.1  [!!] 0/2 leased, 2 abandoned  127.0.0.1:9001\n", text);
        Assert.EndsWith("  2 of 2 slots stuck in POST /reports for 41 s\n", text);
    }
}
