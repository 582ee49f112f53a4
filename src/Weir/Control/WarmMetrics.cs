using Weir.Ledger;

namespace Weir.Control;

/// <summary>The warm routes' part of the metrics page.</summary>
internal static class WarmMetrics
{
    public static void Add(MetricsPage page, IReadOnlyList<AppSnapshot> apps)
    {
        if (!apps.Any(app => app.Warm.Count > 0))
            return;
        AddOfEach(page, apps, MetricNames.WarmRequests, warm => warm.Requests);
        AddOfEach(page, apps, MetricNames.WarmRoundTime, warm => warm.RoundWorkerSeconds);
        AddOfEach(page, apps, MetricNames.WarmFetches, warm => warm.Fetches);
        AddOfEach(page, apps, MetricNames.WarmFailed, warm => warm.Failed);
        AddOfEach(page, apps, MetricNames.WarmRefused, warm => warm.Refused);
    }

    private static void AddOfEach(
        MetricsPage page, IReadOnlyList<AppSnapshot> apps, Metric metric, Func<WarmSnapshot, double> value)
    {
        page.Begin(metric);
        foreach (var app in apps)
        {
            foreach (var warm in app.Warm)
                page.Add(value(warm), ("app", app.Name), ("route", warm.Route));
        }
    }
}
