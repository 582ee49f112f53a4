namespace Weir.Core.Processes.Servers;

/// <summary>Makes a finding of workers and threads, with the evidence in words.</summary>
internal static class SlotSum
{
    private const int SlotsMax = 100_000;

    public static SlotFinding Of(string server, Count workers, Count threads)
    {
        var slots = Math.Min((long)workers.Value * threads.Value, SlotsMax);
        var unread = (workers.Source == CountSource.Unread ? SlotUnread.Workers : 0)
            | (threads.Source == CountSource.Unread ? SlotUnread.Threads : 0);
        var doubts = new List<string>();
        if (workers.Source == CountSource.Unread)
            doubts.Add("workers at " + workers.Told);
        if (threads.Source == CountSource.Unread)
            doubts.Add("threads at " + threads.Told);
        var evidence = Evidence(server, workers, threads);
        return new SlotFinding((int)slots, (int)Math.Min(workers.Value, slots), server, evidence)
        {
            Unread = unread,
            Doubt = doubts.Count == 0 ? "" : string.Join(" and ", doubts) + " cannot be told",
        };
    }

    /// <summary>A server that works on many requests at once in one thread.</summary>
    public static SlotFinding Async(string server, string evidence, int workers = 1) =>
        new(0, Math.Max(workers, 1), server, evidence);

    private static string Evidence(string server, Count workers, Count threads)
    {
        Count[] both = [workers, threads];
        var line = both.Where(one => one.Source == CountSource.Line).Select(one => one.Told).Distinct().ToList();
        var parts = both.Where(one => one.Source == CountSource.Place).Select(one => one.Told).Distinct().ToList();
        if (line.Count > 0)
            parts.Insert(0, string.Join(" and ", line) + " on the command line");
        var defaults = both.Where(one => one.Source == CountSource.Default && one.Told.Length > 0);
        parts.AddRange(defaults.Select(one => one.Told));
        var isUnread = both.Any(one => one.Source == CountSource.Unread);
        if (parts.Count == 0 && !isUnread)
            return $"{server}'s default";
        return string.Join(", ", parts);
    }
}
