namespace Weir.Config;

/// <summary>
/// Budgets that are a share of the memory there is: the cgroup's limit where one is set, else the machine's.
/// </summary>
internal static class MemoryShare
{
    public static WeirOptions Of(WeirOptions options)
    {
        // The runtime reads the cgroup's limit; this is the smaller of that and the machine.
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        // Requests and answers a thirty-second each: so 500 slow uploads in 512 MiB, beside an app of 350, leave Weir
        // near 100 MB (bench/results/small-memory.md).
        var share = Math.Clamp(memory / 32, 16L << 20, 1L << 30);
        return options with
        {
            Intake = options.Intake.TotalMemoryMax > 0
                ? options.Intake
                : options.Intake with { TotalMemoryMax = share },
            Outflow = options.Outflow.TotalMemoryMax > 0
                ? options.Outflow
                : options.Outflow with { TotalMemoryMax = share },
        };
    }
}
