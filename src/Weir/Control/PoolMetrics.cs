using Weir.Ledger;
using Weir.Pooling;

namespace Weir.Control;

/// <summary>The pools' part of the metrics page, by OpenTelemetry's names (db.client.connection.*).</summary>
internal static class PoolMetrics
{
    private const string PoolName = "db_client_connection_pool_name";
    private const string State = "db_client_connection_state";

    public static void Add(MetricsPage page, IReadOnlyList<PoolSnapshot> pools)
    {
        if (pools.Count == 0)
            return;
        page.Begin(MetricNames.DatabaseConnections);
        foreach (var pool in pools)
        {
            page.Add(pool.Idle, (PoolName, pool.Name), (State, "idle"));
            page.Add(pool.Lent + pool.Pinned, (PoolName, pool.Name), (State, "used"));
        }

        AddOfEach(page, pools, MetricNames.DatabaseConnectionsMax, pool => pool.Size + pool.ReserveSize);
        AddOfEach(page, pools, MetricNames.DatabaseIdleMin, pool => pool.SizeMin);
        AddOfEach(page, pools, MetricNames.DatabasePending, pool => pool.Waiting);
        AddOfEach(page, pools, MetricNames.DatabaseTimeouts, pool => pool.Timeouts);
        AddOfEach(page, pools, MetricNames.DatabaseOldestWait, pool => pool.OldestMs / 1e3);
        AddOfEach(page, pools, MetricNames.DatabasePinned, pool => pool.Pinned);
        AddOfEach(page, pools, MetricNames.DatabaseTransactions, pool => pool.Transactions);
        AddOfEach(page, pools, MetricNames.DatabaseQueries, pool => pool.Queries);
        AddOfEach(page, pools, MetricNames.DatabaseResets, pool => pool.Resets);
        AddOfEach(page, pools, MetricNames.DatabaseHiddenResets, pool => pool.HiddenResets);
        AddOfEach(page, pools, MetricNames.DatabaseLoginsFailed, pool => pool.LoginsFailed);
        AddHistogram(page, pools, MetricNames.DatabaseCreateTime, counters => counters.CreateTimes);
        AddHistogram(page, pools, MetricNames.DatabaseWaitTime, counters => counters.WaitTimes);
        AddHistogram(page, pools, MetricNames.DatabaseUseTime, counters => counters.UseTimes);
    }

    private static void AddOfEach(
        MetricsPage page, IReadOnlyList<PoolSnapshot> pools, Metric metric, Func<PoolSnapshot, double> value)
    {
        page.Begin(metric);
        foreach (var pool in pools)
            page.Add(value(pool), (PoolName, pool.Name));
    }

    private static void AddHistogram(
        MetricsPage page, IReadOnlyList<PoolSnapshot> pools, Metric metric, Func<PoolCounters, PoolDurations> read)
    {
        page.Begin(metric);
        foreach (var pool in pools)
        {
            if (pool.Counters is not { } counters)
                continue;
            var times = read(counters);
            var cumulative = times.Cumulative();
            page.AddHistogram(
                PoolDurations.Bounds, cumulative.AsSpan(0, cumulative.Length - 1), cumulative[^1], times.SumMicros,
                [(PoolName, pool.Name)]);
        }
    }
}
