using System.Globalization;

namespace Weir.Processes;

/// <summary>Memory that could be had without swapping, by the kernel's estimate (proc(5), MemAvailable).</summary>
internal static class MemoryLeft
{
    /// <summary>Bytes, of the machine or of what a memory cgroup leaves, whichever is less; 0 = not known.</summary>
    public static long Bytes()
    {
        var ofMachine = OfMachine();
        var group = GC.GetGCMemoryInfo();
        // The runtime knows the cgroup's bound; what it calls available is that bound, or the machine.
        var ofGroup = group.TotalAvailableMemoryBytes - group.MemoryLoadBytes;
        return ofGroup > 0 ? Math.Min(ofMachine, ofGroup) : ofMachine;
    }

    private static long OfMachine()
    {
        try
        {
            foreach (var line in File.ReadLines("/proc/meminfo"))
            {
                if (!line.StartsWith("MemAvailable:", StringComparison.Ordinal))
                    continue;
                var kilobytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
                return long.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
        {
            // Not known, then.
        }

        return 0;
    }
}
