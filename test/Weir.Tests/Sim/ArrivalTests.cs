using Weir.Sim.Arrivals;

namespace Weir.Tests.Sim;

/// <summary>Where requests come from, besides a Poisson process.</summary>
public sealed class ArrivalTests
{
    [Fact]
    public void Counts_come_in_their_seconds_and_in_order()
    {
        var traffic = CountTraffic.Read(["# requests", "3", "0", "", "5", "6,2"]);
        using var stream = traffic.Open(1, traffic.Duration);
        var times = Times(stream);
        Assert.Equal([3, 0, 5, 0, 0, 0, 2], Enumerable.Range(0, 7).Select(second =>
            times.Count(at => at / 1_000_000 == second)));
        Assert.Equal(times.Order(), times);
        Assert.Equal(7_000_000, traffic.Duration);
    }

    [Theory]
    [InlineData("3", "many")]
    [InlineData("0,1", "0,2")]
    [InlineData("1,2,3")]
    [InlineData("0")]
    public void What_is_no_count_is_refused(params string[] lines) =>
        Assert.Throws<FormatException>(() => CountTraffic.Read(lines));

    [Fact]
    public void Bursts_have_their_rate_and_their_variance()
    {
        var traffic = new BurstTraffic(10, 10, 1_000_000, 9_000_000);
        Assert.Equal(19, traffic.RateMean, 0.001);
        using var stream = traffic.Open(1, 4_000_000_000);
        var times = Times(stream);
        Assert.InRange(times.Count / 4_000.0, 17, 21);
        var seconds = times.GroupBy(at => at / 1_000_000).Select(group => group.Count()).ToList();
        // Poisson at one rate would have a variance of its mean.
        var mean = times.Count / 4_000.0;
        Assert.True(seconds.Sum(count => count * (double)count) / 4_000 - mean * mean > 5 * mean);
    }

    [Theory]
    [InlineData(
        "2013-02-14T10:11:12.500000+00:00 heroku[router]: at=info method=GET path=\"/users/17?x=1\" host=a.b "
            + "request_id=x fwd=\"1.2.3.4\" dyno=web.1 connect=2ms service=18ms status=200 bytes=13",
        "GET /users/*", 18_000, 20_000, true)]
    [InlineData(
        "at=info method=POST path=\"/a\" host=a request_id=x fwd=\"::1\" dyno=web.1 connect=0 service=12 status=200 "
            + "bytes=5 protocol=http1.1 tls=false recv=0.010 cache=0.000 queue=3.000 conn=0.100 app=12.345 send=0.020 "
            + "total=15.475 edge= ttfb=12.000 worker=12.400 name=web",
        "POST /a", 12_400, 15_475, false)]
    [InlineData(
        "{\"at\":\"info\",\"method\":\"GET\",\"path\":\"/b\",\"app\":1.5,\"total\":2.5,\"worker\":1.6}",
        "GET /b", 1_600, 2_500, false)]
    [InlineData(
        "1.2.3.4 - - [10/Oct/2025:13:55:36 +0200] \"GET /x/0123 HTTP/1.1\" 200 2326 \"-\" \"curl/8\" 0.123",
        "GET /x/*", 123_000, 123_000, true)]
    [InlineData(
        "1.2.3.4 - - [10/Oct/2025:13:55:36 +0200] \"GET /x HTTP/1.1\" 200 2326 \"-\" \"curl\" rt=0.500 urt=0.250",
        "GET /x", 250_000, 500_000, true)]
    public void A_line_of_each_log_is_read(string line, string route, long service, long before, bool hasTime)
    {
        var entry = LogLines.Read(line)!.Value;
        Assert.Equal((route, service, before), (entry.Route, entry.Service, entry.Before));
        Assert.Equal(hasTime, entry.EndedAt > 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("weir: stopping")]
    [InlineData("{\"at\":\"info\"}")]
    [InlineData("{broken")]
    [InlineData("1.2.3.4 - - [10/Oct/2025:13:55:36 +0200] \"GET /x HTTP/1.1\" 200 2326 \"-\" \"curl/8.1\"")]
    public void Another_line_is_passed_over(string line) => Assert.Null(LogLines.Read(line));

    [Fact]
    public void A_log_with_times_is_traffic()
    {
        var log = AccessLog.Read(
        [
            .. Enumerable.Range(0, 50).Select(i => FormattableString.Invariant(
                $"2013-02-14T10:11:{i:00}.000000+00:00 heroku[router]: path=/a connect=0ms service={10 + i}ms")),
            "something else",
        ], "log");
        Assert.True(log.HasTimes);
        Assert.Equal((50, 1), (log.All.Count, log.Skipped));
        Assert.Equal(34.5, log.All.Service()!.Mean / 1000, 0.001);
        using var stream = log.Traffic.Open(1, log.Traffic.Duration);
        Assert.Equal(50, Times(stream).Count);
        Assert.InRange(log.Traffic.Scaled(2).Duration, log.Traffic.Duration / 2 - 2, log.Traffic.Duration / 2 + 2);
    }

    private static List<long> Times(ArrivalStream stream)
    {
        var times = new List<long>();
        while (stream.TryNext(out var next))
            times.Add(next.At);
        return times;
    }
}
