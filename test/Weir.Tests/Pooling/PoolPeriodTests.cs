using Weir.Pooling;

namespace Weir.Tests.Pooling;

public sealed class PoolPeriodTests
{
    private const long Minute = PoolPeriod.Micros;
    private readonly PoolCounters _counters = new();

    [Fact]
    public void Averages_are_of_the_last_whole_period()
    {
        var period = new PoolPeriod(_counters);
        period.Tick(1);
        Lease(transactions: 120, queries: 240, micros: 6_000_000, idle: 1_200_000);
        period.Tick(Minute);
        Assert.Equal(default, period.Last);
        period.Tick(1 + Minute);
        var average = period.Last.AverageOver(Minute);
        Assert.Equal(2, average.Transactions);
        Assert.Equal(4, average.Queries);
        Assert.Equal(50_000, average.TransactionMicros);
        Assert.Equal(20_000, average.QueryMicros);
        period.Tick(1 + 2 * Minute);
        Assert.Equal(default, period.Last);
    }

    [Fact]
    public void A_wait_is_averaged_over_leases()
    {
        _counters.Waited(9_000);
        for (var lease = 0; lease < 3; lease++)
            Lease(transactions: 1, queries: 1, micros: 10, idle: 0);
        Assert.Equal(3_000, _counters.Totals.AverageOver(Minute).WaitMicros);
    }

    [Fact]
    public void Nothing_is_an_average_of_nothing() =>
        Assert.Equal(default, default(PoolTotals).AverageOver(Minute));

    [Fact]
    public void Durations_fall_into_the_bucket_whose_bound_they_do_not_pass()
    {
        var durations = new PoolDurations();
        foreach (var micros in (long[])[-1, 0, 1_000, 1_001, 10_000_000, 10_000_001])
            durations.Add(micros);
        var cumulative = durations.Cumulative();
        Assert.Equal((3, 4, 5, 6), (cumulative[0], cumulative[1], cumulative[^2], cumulative[^1]));
        Assert.Equal(20_002_002, durations.SumMicros);
    }

    private void Lease(long transactions, long queries, long micros, long idle) => _counters.Leased(new LeaseFigures
    {
        Transactions = transactions,
        Queries = queries,
        Micros = micros,
        IdleMicros = idle,
    });
}
