using System.Globalization;

namespace Weir.Spill;

/// <summary>Facts about the disk under the spill directory.</summary>
internal static class SpillPlace
{
    /// <summary>The most that spill.max becomes by itself.</summary>
    private const long BudgetMax = 16L << 30;

    /// <summary>True where the directory lies in memory (tmpfs, ramfs).</summary>
    public static bool IsMemory(string directory)
    {
        try
        {
            return new DriveInfo(directory).DriveFormat is "tmpfs" or "ramfs";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Half of what is free, at most 16 GiB.</summary>
    public static long DefaultBudget(string directory)
    {
        try
        {
            return Math.Min(BudgetMax, new DriveInfo(directory).AvailableFreeSpace / 2);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return BudgetMax;
        }
    }

    /// <summary>The real user's number, from /proc; 0 where it cannot be read.</summary>
    public static int UserId()
    {
        if (!File.Exists("/proc/self/status"))
            return 0;
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith("Uid:", StringComparison.Ordinal))
                return int.Parse(line.Split('\t')[1], CultureInfo.InvariantCulture);
        }

        return 0;
    }
}
