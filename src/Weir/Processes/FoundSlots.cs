using System.Globalization;
using Weir.Core.Processes;

namespace Weir.Processes;

/// <summary>Asks for a server's slots with this machine's files and processors.</summary>
internal static class FoundSlots
{
    /// <summary>A configuration larger than this is not one that people write.</summary>
    private const int FileBytesMax = 1 << 20;

    private static ProcessorCounts? s_processors;

    /// <param name="line">As it was written.</param>
    /// <param name="folder">The app's, absolute.</param>
    /// <param name="environment">What the command will be given.</param>
    public static SlotFinding Of(string line, string folder, IReadOnlyDictionary<string, string> environment) =>
        SlotFinder.Find(Question(line, folder, environment));

    public static SlotQuestion Question(
        string line, string folder, IReadOnlyDictionary<string, string> environment) =>
        new(line, environment, path => Read(folder, path))
        {
            Processors = s_processors ??= Count(),
            ListFiles = pattern => List(folder, pattern),
        };

    private static string? Read(string folder, string path)
    {
        try
        {
            var file = new FileInfo(Path.Combine(folder, path));
            return file.Exists && file.Length <= FileBytesMax ? File.ReadAllText(file.FullName) : null;
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            return null;
        }
    }

    private static List<string> List(string folder, string pattern)
    {
        try
        {
            var whole = Path.Combine(folder, pattern);
            var place = Path.GetDirectoryName(whole);
            return Directory.Exists(place)
                ? [.. Directory.EnumerateFileSystemEntries(place, Path.GetFileName(whole)).Take(200).Order()]
                : [];
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            return [];
        }
    }

    /// <summary>What a path made of somebody's text may bring up, whatever it names.</summary>
    private static bool IsUnreadable(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private static ProcessorCounts Count()
    {
        // .NET's own count is of what it may use, and less under a cgroup's quota, which languages do not see.
        var online = Ranges(Read("/", "/sys/devices/system/cpu/online"), Environment.ProcessorCount);
        var status = Read("/", "/proc/self/status") ?? "";
        const string name = "Cpus_allowed_list:";
        var at = status.IndexOf(name, StringComparison.Ordinal);
        var allowed = at < 0 ? online : Ranges(status[(at + name.Length)..].Split('\n')[0], online);
        return new ProcessorCounts(online, allowed, Cores(online));
    }

    /// <summary>How many "0-3,6" are.</summary>
    private static int Ranges(string? text, int otherwise)
    {
        var count = 0;
        foreach (var part in (text ?? "").Trim().Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-');
            if (int.TryParse(ends[0], CultureInfo.InvariantCulture, out var from)
                && int.TryParse(ends[^1], CultureInfo.InvariantCulture, out var to))
                count += to - from + 1;
        }

        return count > 0 ? count : otherwise;
    }

    private static int Cores(int otherwise)
    {
        var cores = new HashSet<string>();
        var package = "";
        foreach (var line in (Read("/", "/proc/cpuinfo") ?? "").Split('\n'))
        {
            if (line.StartsWith("physical id", StringComparison.Ordinal))
                package = line;
            else if (line.StartsWith("core id", StringComparison.Ordinal))
                cores.Add(package + line);
        }

        return cores.Count > 0 ? Math.Min(cores.Count, otherwise) : otherwise;
    }
}
