using System.Globalization;
using System.Text;

namespace Weir.Control;

/// <summary>One look at a running Weir, for a terminal: plain lines that also read well in a pipe.</summary>
internal static class StatusText
{
    private const int SavedRoutesMax = 5;

    public static string Render(HouseSnapshot house)
    {
        var text = new StringBuilder();
        Line(text, $"weir {house.Version}, pid {house.Pid}, up {Age(house.UptimeSeconds)}, "
            + $"on {string.Join(' ', house.Listen)}");
        var requests = house.Apps.Count > 0 ? $"{house.ActiveRequests} requests under way, " : "";
        Line(text, $"{house.Connections} connections, {requests}"
            + $"{Size(house.BufferBytes)} in buffers, {Size(house.SpillBytes)} spilled");
        if (house.IsStopping)
            Line(text, $"STOPPING: no new connections, finishing what runs");
        if (house.IsPaused)
        {
            var who = house.Apps.Count > 0 ? "requests are held in the queue" : "clients wait in line";
            Line(text, $"PAUSED: {who}; `weir resume` lets them go");
        }

        if (house.Bypasses.Count > 0)
            Line(text, $"BYPASSED: {string.Join(", ", house.Bypasses)}; "
                + $"`weir bypass PART off` switches a part on again");
        if (house.LogDropped > 0)
            Line(text, $"{house.LogDropped} log lines lost: the log's reader is too slow");
        foreach (var app in house.Apps)
            AddApp(text, app);
        AddCache(text, house.Cache);
        AddPools(text, house.Pools);
        AddProcesses(text, house.Processes);
        return text.ToString();
    }

    private static void AddCache(StringBuilder text, CacheSnapshot? cache)
    {
        if (cache is null || cache.Answers == 0 && cache.Requests.Values.Sum() == 0 && cache.Shared is null)
            return;
        long Of(string word) => cache.Requests.GetValueOrDefault(word);
        Line(text, "");
        Line(text, string.Create(CultureInfo.InvariantCulture,
            $"cache: {cache.Answers} answers in {Size(cache.Bytes)} of {Size(cache.BytesMax)}; {Of("hit")} hits, "
            + $"{Of("stale")} stale, {Of("coalesced")} coalesced, {Of("validated")} validated, {Of("miss")} misses; "
            + $"{cache.SavedWorkerSeconds:0.0} s of workers saved"));
        if (cache.Saved.Count > 1)
            Line(text, "  saved: " + string.Join(", ", cache.Saved.Take(SavedRoutesMax).Select(one => string.Create(
                CultureInfo.InvariantCulture, $"{one.App} {one.Name} {one.WorkerSeconds:0.0} s"))));
        if (cache.Shared is { } shared)
            Line(text, "  " + shared.Describe());
    }

    private static void AddPools(StringBuilder text, IReadOnlyList<PoolSnapshot> pools)
    {
        foreach (var pool in pools)
        {
            Line(text, "");
            Line(text, string.Create(CultureInfo.InvariantCulture,
                $"pool {pool.Name} ({pool.Mode}): {pool.Lent} of {pool.Size + pool.ReserveSize} lent, {pool.Idle} "
                + $"idle, {pool.Pinned} pinned, {pool.Waiting} waiting, the first for {pool.OldestMs:0} ms; "
                + $"{pool.Transactions} transactions"));
            if (pool.SizeProposed > 0)
            {
                Line(text, string.Create(CultureInfo.InvariantCulture,
                    $"  busy at once in the last minute: {pool.Busy:0.##} on average; a size of {pool.SizeProposed} "
                    + $"serves that"));
            }

            if (pool.LastFailure.Length > 0)
                Line(text, $"  the last log-in failed: {pool.LastFailure}");
        }
    }

    private static void AddProcesses(StringBuilder text, IReadOnlyList<ProcessSnapshot> processes)
    {
        if (processes.Count == 0)
            return;
        var width = Math.Max(8, processes.Max(one => one.Name.Length));
        Line(text, "");
        Line(text, $"{"process".PadRight(width)}  {"state",-9} {"pid",7} {"age",12} {"PSS",10} {"RSS",10} {"cpu s",8} "
            + $"{"threads",7} {"requests",8}  restarts");
        foreach (var one in processes)
        {
            var why = one.LastReason.Length == 0 ? "" : one.LastCode > 0 && one.LastReason is "crashed"
                ? $" ({one.LastReason}, code {one.LastCode})" : $" ({one.LastReason})";
            if (one.StartsInSeconds > 0)
                why += string.Create(CultureInfo.InvariantCulture, $", starts in {one.StartsInSeconds:0} s");
            Line(text, string.Create(CultureInfo.InvariantCulture,
                $"{one.Name.PadRight(width)}  {one.State,-9} {one.Pid,7} {Age(one.AgeSeconds),12} "
                + $"{Size(one.ProportionalBytes),10} {Size(one.ResidentBytes),10} {one.CpuSeconds,8:0.0} "
                + $"{one.Threads,7} {one.Requests,8}  {one.Restarts}{why}"));
        }
    }

    private static void AddApp(StringBuilder text, AppSnapshot app)
    {
        Line(text, "");
        Line(text, $"app {app.Name} ({app.Policy}): {app.Queue.Length} of {app.Queue.Limit} in queue, "
            + $"the first for {app.Queue.OldestMs:0} ms; {app.Counts.Exchanges} served{Faults(app.Counts)}");
        Line(text, $"  {"ms",-5} {"p50",9} {"p95",9} {"p99",9}");
        AddDurations(text, "queue", app.Counts.QueueMs);
        AddDurations(text, "app", app.Counts.AppMs);
        AddDurations(text, "total", app.Counts.TotalMs);
        var width = app.Instances.Select(instance => instance.Name.Length).DefaultIfEmpty().Max();
        foreach (var instance in app.Instances)
            AddInstance(text, instance, width);
        if (app.Stuck is not null)
            Line(text, $"  {app.Stuck}");
        foreach (var warm in app.Warm)
            Line(text, $"  {WarmText.Line(warm)}");
    }

    private static void AddDurations(StringBuilder text, string name, DurationSummary summary) =>
        Line(text, string.Create(
            CultureInfo.InvariantCulture, $"  {name,-5} {summary.P50,9:0.0} {summary.P95,9:0.0} {summary.P99,9:0.0}"));

    private static void AddInstance(StringBuilder text, InstanceSnapshot instance, int width)
    {
        var bar = instance.Slots is > 0 and <= 32
            ? new string('#', instance.Leased) + new string('!', instance.Abandoned) + new string('x', instance.Lost)
                + new string('.', Math.Max(0, instance.Free))
            : "";
        text.Append(CultureInfo.InvariantCulture,
            $"  {instance.Name.PadRight(width)}  [{bar}] {instance.Leased}/{instance.Slots} leased");
        AddFact(text, instance.Abandoned, "abandoned");
        AddFact(text, instance.Lost, "lost");
        AddFact(text, instance.Tunnels, "tunnels");
        AddFact(text, instance.Streams, "streams");
        if (instance.Draining)
            text.Append(", draining");
        if (instance.QuarantinedMs > 0)
            text.Append(CultureInfo.InvariantCulture, $", refuses (left alone for {instance.QuarantinedMs:0} ms)");
        Line(text, $"  {instance.Address}");
    }

    private static void AddFact(StringBuilder text, int count, string what)
    {
        if (count > 0)
            text.Append(CultureInfo.InvariantCulture, $", {count} {what}");
    }

    private static string Faults(AppCounts counts)
    {
        var faults = counts.Outcomes.Where(pair => pair.Key != "ok").OrderByDescending(pair => pair.Value).Take(6);
        var text = string.Join(' ', faults.Select(pair => $"{pair.Key}={pair.Value}"));
        return text.Length == 0 ? "" : $", {text}";
    }

    private static string Age(double seconds)
    {
        var age = TimeSpan.FromSeconds(seconds);
        if (age.TotalDays >= 1)
            return $"{(int)age.TotalDays} d {age.Hours} h";
        return age.TotalHours >= 1 ? $"{age.Hours} h {age.Minutes} min" : $"{age.Minutes} min {age.Seconds} s";
    }

    private static string Size(long bytes) => bytes < 1024 * 1024
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024:0.#} MiB");

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
