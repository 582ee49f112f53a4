using System.Globalization;

namespace Weir.Processes;

/// <summary>What an instance with all its processes takes of the machine.</summary>
internal sealed record TreeFigures
{
    /// <summary>USER_HZ: what /proc counts processor time in, 100 on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    public int Processes { get; init; }
    public int Threads { get; init; }
    public double CpuSeconds { get; init; }

    /// <summary>
    /// Shared pages counted once for each process: what `ps` shows, and too much for a pre-fork server.
    /// </summary>
    public long ResidentBytes { get; init; }

    /// <summary>
    /// PSS: a page shared by n counts a n-th for each, so that a tree's sum is what it really takes. The resident
    /// bytes where the kernel does not tell it.
    /// </summary>
    public long ProportionalBytes { get; init; }

    public static TreeFigures Read(ProcessTable table, int leader)
    {
        var tree = table.TreeOf(leader);
        var resident = tree.Sum(row => row.ResidentPages) * Environment.SystemPageSize;
        var proportional = tree.Sum(row => ReadProportional(row.Id) ?? row.ResidentPages * Environment.SystemPageSize);
        return new TreeFigures
        {
            Processes = tree.Count,
            Threads = tree.Sum(row => row.Threads),
            CpuSeconds = tree.Sum(row => row.CpuTicks) / TicksPerSecond,
            ResidentBytes = resident,
            ProportionalBytes = proportional,
        };
    }

    private static long? ReadProportional(int id)
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/{id}/smaps_rollup"))
            {
                if (line.StartsWith("Pss:", StringComparison.Ordinal))
                    return ParseKilobytes(line);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, a kernel before 4.14, or a process that became another user's.
        }

        return null;
    }

    /// <summary>"Pss:            1234 kB" in bytes; null where it is not that.</summary>
    public static long? ParseKilobytes(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 3
            && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes)
            ? kilobytes * 1024
            : null;
    }
}
