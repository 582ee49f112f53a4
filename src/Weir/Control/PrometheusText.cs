using System.Globalization;
using Weir.Core.Http;
using Weir.Core.Ledger;
using Weir.Ledger;

namespace Weir.Control;

/// <summary>Writes the counts and the house's gauges as Prometheus text (exposition format 0.0.4).</summary>
internal static class PrometheusText
{
    private static readonly (Outcome Outcome, string Reason)[] Shed =
    [
        (Outcome.QueueFull, "full"), (Outcome.QueueTimeout, "timeout"), (Outcome.QueueMemory, "memory"),
        (Outcome.QueueShare, "client_share"),
        (Outcome.NoInstance, "no_instance"), (Outcome.BootTimeout, "boot_timeout"), (Outcome.AllRefused, "all_refused"),
        (Outcome.UpgradesFull, "upgrades_full"), (Outcome.StreamsFull, "streams_full"), (Outcome.Closing, "closing"),
    ];

    /// <param name="totals">Null: this Weir serves no requests, and nothing of them is written.</param>
    public static string Write(LedgerTotals? totals, HouseSnapshot house)
    {
        var page = new MetricsPage();
        if (totals is not null)
        {
            AddDurations(page, totals);
            AddCounts(page, totals);
            AddApps(page, house);
            AddInstances(page, house);
        }

        PoolMetrics.Add(page, house.Pools);
        if (totals is not null)
            AddDoor(page, house);
        AddHouse(page, house);
        AddCache(page, house);
        WarmMetrics.Add(page, house.Apps);
        AddProcess(page, house);
        return page.ToString();
    }

    private static void AddDurations(MetricsPage page, LedgerTotals totals)
    {
        page.Begin(MetricNames.RequestDuration);
        foreach (var app in totals.Apps)
        {
            foreach (var series in app.Series())
                AddSeries(page, app.Name, series);
        }
        page.Begin(MetricNames.PhaseDuration);
        foreach (var app in totals.Apps)
        {
            for (var phase = Phase.Receive; phase <= Phase.Send; phase++)
            {
                AddHistogram(page, app.PhaseOf(phase), MetricNames.QueueBounds,
                    ("app", app.Name), ("weir_phase", phase.ToString().ToLowerInvariant()));
            }
        }
        page.Begin(MetricNames.TimeInQueue);
        foreach (var app in totals.Apps)
            AddHistogram(page, app.InQueue, MetricNames.QueueBounds, ("app", app.Name));
    }

    private static void AddSeries(MetricsPage page, string app, DurationSeries series)
    {
        var isOther = series.Key == DurationSeries.OtherKey;
        (string, string)[] labels = isOther ? [("app", app), ("http_request_method", "_OTHER")] :
        [
            ("app", app),
            ("http_request_method", MethodOf(series.Verb)),
            ("http_response_status_code", series.Status.ToString(CultureInfo.InvariantCulture)),
            ("network_protocol_version", series.Protocol switch
            {
                ProtocolVersion.Http10 => "1.0",
                ProtocolVersion.Http11 => "1.1",
                _ => "2",
            }),
            ("url_scheme", series.IsTls ? "https" : "http"),
        ];
        Span<long> cumulative = stackalloc long[series.Counts.Length];
        long seen = 0;
        for (var i = 0; i < cumulative.Length; i++)
            cumulative[i] = seen += series.Counts[i];
        page.AddHistogram(MetricNames.RequestBounds, cumulative[..^1], seen, series.SumMicros, labels);
    }

    private static string MethodOf(HttpVerb verb) =>
        verb == HttpVerb.Other ? "_OTHER" : verb.ToString().ToUpperInvariant();

    private static void AddHistogram(
        MetricsPage page, Histogram histogram, ReadOnlySpan<long> bounds, params (string, string)[] labels)
    {
        Span<long> cumulative = stackalloc long[bounds.Length];
        histogram.CumulativeAt(bounds, cumulative);
        // Other threads count on meanwhile; the whole may never be less than a part of it.
        page.AddHistogram(bounds, cumulative, Math.Max(histogram.Count, cumulative[^1]), histogram.SumMicros, labels);
    }

    private static void AddCounts(MetricsPage page, LedgerTotals totals)
    {
        page.Begin(MetricNames.Outcomes);
        foreach (var app in totals.Apps)
        {
            foreach (var (code, term, count) in CountsOf(app))
                page.Add(count, ("app", app.Name), ("code", code), ("term", term));
        }
        page.Begin(MetricNames.QueueShed);
        foreach (var app in totals.Apps)
        {
            foreach (var (outcome, reason) in Shed)
                page.Add(app.CountOf(outcome), ("app", app.Name), ("reason", reason));
        }
        page.Begin(MetricNames.GateFaults);
        foreach (var rule in Enum.GetValues<GateRule>())
        {
            if (rule != GateRule.None)
                page.Add(totals.CountOf(rule), ("rule", GateRules.Of(rule).Name));
        }
        AddOfEach(page, totals, MetricNames.Redispatches, app => app.Redispatches);
        AddOfEach(page, totals, MetricNames.SpilledExchanges, app => app.Spilled);
        AddOfEach(page, totals, MetricNames.HeldByClient, app => app.HeldByClient);
        AddOfEach(page, totals, MetricNames.WorkerBusy, app => app.WorkerMicros / 1e6);
        page.Begin(MetricNames.ClientSlow);
        foreach (var app in totals.Apps)
        {
            page.Add(app.PhaseOf(Phase.Receive).SumMicros / 1e6, ("app", app.Name), ("direction", "in"));
            page.Add(app.PhaseOf(Phase.Send).SumMicros / 1e6, ("app", app.Name), ("direction", "out"));
        }
        page.Begin(MetricNames.ClientIo);
        foreach (var app in totals.Apps)
        {
            page.Add(app.RequestBytes, ("app", app.Name), ("direction", "in"));
            page.Add(app.ResponseBytes, ("app", app.Name), ("direction", "out"));
        }
    }

    /// <summary>Several outcomes may share code and term, and a series may be written only once.</summary>
    private static IEnumerable<(string Code, string Term, long Count)> CountsOf(AppTally app)
    {
        var counts = new SortedDictionary<(string, string), long>();
        for (var outcome = Outcome.Answered; outcome <= Outcome.Bug; outcome++)
        {
            for (var phase = Phase.Receive; phase <= Phase.Send; phase++)
            {
                var key = (Outcomes.Of(outcome).Code, Outcomes.TermOf(outcome, phase));
                if (app.CountOf(outcome, phase) is > 0 and var count)
                    counts[key] = counts.GetValueOrDefault(key) + count;
            }
        }
        return counts.Select(pair => (pair.Key.Item1, pair.Key.Item2, pair.Value));
    }

    private static void AddOfEach(MetricsPage page, LedgerTotals totals, Metric metric, Func<AppTally, double> value)
    {
        page.Begin(metric);
        foreach (var app in totals.Apps)
            page.Add(value(app), ("app", app.Name));
    }

    private static void AddApps(MetricsPage page, HouseSnapshot house)
    {
        page.Begin(MetricNames.QueueDepth);
        foreach (var app in house.Apps)
            page.Add(app.Queue.Length, ("app", app.Name));
        page.Begin(MetricNames.QueueLimit);
        foreach (var app in house.Apps)
            page.Add(app.Queue.Limit, ("app", app.Name));
        page.Begin(MetricNames.QueueOldest);
        foreach (var app in house.Apps)
            page.Add(app.Queue.OldestMs / 1e3, ("app", app.Name));
        page.Begin(MetricNames.WorkerCount);
        foreach (var (app, instance) in InstancesOf(house))
        {
            page.Add(instance.Free, ("app", app.Name), ("instance", instance.Name), ("state", "free"));
            page.Add(instance.Leased, ("app", app.Name), ("instance", instance.Name), ("state", "leased"));
            page.Add(instance.Abandoned, ("app", app.Name), ("instance", instance.Name), ("state", "abandoned"));
            page.Add(instance.Lost, ("app", app.Name), ("instance", instance.Name), ("state", "lost"));
        }
        page.Begin(MetricNames.WorkerAge);
        foreach (var (app, instance) in InstancesOf(house))
        {
            var oldest = instance.Holders.Select(slot => slot.AgeMs).DefaultIfEmpty().Max();
            page.Add(oldest / 1e3, ("app", app.Name), ("instance", instance.Name));
        }
    }

    private static void AddInstances(MetricsPage page, HouseSnapshot house)
    {
        AddOfEachProcess(page, house, MetricNames.InstanceResident, one => one.ResidentBytes);
        AddOfEachProcess(page, house, MetricNames.InstanceProportional, one => one.ProportionalBytes);
        AddOfEachProcess(page, house, MetricNames.InstanceCpu, one => one.CpuSeconds);
        AddOfEachProcess(page, house, MetricNames.InstanceThreads, one => one.Threads);
        AddOfEachProcess(page, house, MetricNames.InstanceAge, one => one.AgeSeconds);
        AddOfEachProcess(page, house, MetricNames.InstanceRequests, one => one.Requests);
        page.Begin(MetricNames.InstanceRestarts);
        foreach (var one in house.Processes.Where(one => !one.Name.EndsWith(".new") && !one.Name.Contains(".old")))
            page.Add(one.Restarts, ("type", one.Type), ("instance", one.Name));
        page.Begin(MetricNames.InstanceState);
        foreach (var one in house.Processes)
            page.Add(1, ("type", one.Type), ("instance", one.Name), ("state", one.State));
    }

    private static void AddOfEachProcess(
        MetricsPage page, HouseSnapshot house, Metric metric, Func<ProcessSnapshot, double> value)
    {
        page.Begin(metric);
        foreach (var one in house.Processes)
            page.Add(value(one), ("type", one.Type), ("instance", one.Name));
    }

    private static IEnumerable<(AppSnapshot App, InstanceSnapshot Instance)> InstancesOf(HouseSnapshot house) =>
        house.Apps.SelectMany(app => app.Instances.Select(instance => (app, instance)));

    private static void AddDoor(MetricsPage page, HouseSnapshot house)
    {
        page.AddOne(MetricNames.ActiveRequests, house.ActiveRequests);
        page.AddOne(MetricNames.Accepted, house.ConnectionsAccepted);
        page.AddOne(MetricNames.LogDropped, house.LogDropped);
        page.Begin(MetricNames.Bypassed);
        foreach (var part in house.Bypasses)
            page.Add(1, ("part", part));
    }

    private static void AddHouse(MetricsPage page, HouseSnapshot house)
    {
        page.AddOne(MetricNames.Connections, house.Connections);
        page.AddOne(MetricNames.SpillBytes, house.SpillBytes);
        page.AddOne(MetricNames.MemoryInUse, house.BufferBytes);
        page.AddOne(MetricNames.Paused, house.IsPaused ? 1 : 0);
        page.AddOne(MetricNames.IoUring, house.IoUring ? 1 : 0);
        page.Begin(MetricNames.Heartbeat);
        for (var thread = 0; thread < house.HeartbeatMs.Count; thread++)
            page.Add(house.HeartbeatMs[thread] / 1e3, ("thread", thread.ToString(CultureInfo.InvariantCulture)));
    }

    private static void AddCache(MetricsPage page, HouseSnapshot house)
    {
        if (house.Cache is not { } cache)
            return;
        page.Begin(MetricNames.CacheRequests);
        foreach (var (result, count) in cache.Requests)
            page.Add(count, ("result", result));
        page.Begin(MetricNames.CacheNotStored);
        foreach (var (reason, count) in cache.NotStored)
            page.Add(count, ("reason", reason));
        page.Begin(MetricNames.CacheSaved);
        foreach (var saved in cache.Saved)
            page.Add(saved.WorkerSeconds, ("app", saved.App), ("route", saved.Route));
        page.AddOne(MetricNames.CacheAnswers, cache.Answers);
        page.AddOne(MetricNames.CacheBytes, cache.Bytes);
        page.AddOne(MetricNames.CacheLimit, cache.BytesMax);
        page.AddOne(MetricNames.CacheFollowers, cache.Followers);
        page.AddOne(MetricNames.CacheRefreshesWaiting, cache.RefreshesWaiting);
        page.Begin(MetricNames.CacheDropped);
        page.Add(cache.Evicted, ("why", "evicted"));
        page.Add(cache.Expired, ("why", "expired"));
        page.Add(cache.Purged, ("why", "purged"));
        AddShared(page, cache.Shared);
    }

    private static void AddShared(MetricsPage page, SharedSnapshot? shared)
    {
        if (shared is null)
            return;
        page.AddOne(MetricNames.SharedUp, shared.Up ? 1 : 0);
        page.Begin(MetricNames.SharedLooks);
        foreach (var (end, count) in shared.Looks)
            page.Add(count, ("result", end));
        page.Begin(MetricNames.SharedPuts);
        foreach (var (put, count) in shared.Puts)
            page.Add(count, ("result", put));
        page.Begin(MetricNames.SharedFaults);
        foreach (var (fault, count) in shared.Faults)
            page.Add(count, ("why", fault));
        page.AddOne(MetricNames.SharedPurgesWaiting, shared.PurgesWaiting);
    }

    private static void AddProcess(MetricsPage page, HouseSnapshot house)
    {
        page.Begin(MetricNames.BuildInfo);
        page.Add(1, ("version", house.Version));
        page.AddOne(MetricNames.StartTime, house.Started.ToUnixTimeMilliseconds() / 1e3);
        page.AddOne(MetricNames.CpuTime, Environment.CpuUsage.TotalTime.TotalSeconds);
        page.AddOne(MetricNames.Resident, Environment.WorkingSet);
        page.AddOne(MetricNames.HeapBytes, GC.GetGCMemoryInfo().HeapSizeBytes);
        page.AddOne(MetricNames.Allocated, GC.GetTotalAllocatedBytes());
        page.Begin(MetricNames.Collections);
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
            page.Add(GC.CollectionCount(generation), ("gc_heap_generation", $"gen{generation}"));
        page.AddOne(MetricNames.GcPause, GC.GetTotalPauseDuration().TotalSeconds);
        page.AddOne(MetricNames.PoolThreads, ThreadPool.ThreadCount);
        page.AddOne(MetricNames.PoolQueue, ThreadPool.PendingWorkItemCount);
    }
}
