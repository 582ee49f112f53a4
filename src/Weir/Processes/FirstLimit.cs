using System.Globalization;

namespace Weir.Processes;

/// <summary>
/// The soft limit of open files that Weir was started with. The runtime raises it to the hard limit before Main, and
/// children inherit that: select(2) breaks past 1024, and some servers close every descriptor up to the limit at each
/// fork. The kernel does not keep the first one, so it is read from where Weir has it from.
/// </summary>
internal static class FirstLimit
{
    /// <summary>Where systemd starts things: its own limit is another, and its default for services is this.</summary>
    private const long ServiceSoft = 1_024;
    private const long ServiceHard = 524_288;

    private static readonly Lazy<long?> s_known = new(() => Find(File.ReadAllText));

    /// <summary>Null where it is the same as now, or not known.</summary>
    public static long? Soft => s_known.Value;

    /// <param name="read">A file's text by its path in /proc.</param>
    public static long? Find(Func<string, string> read)
    {
        try
        {
            if (Limits(read("/proc/self/limits")) is not var (soft, hard)
                || ParentOf(read("/proc/self/stat")) is not { } parent)
                return null;
            // What is given a limit of its own (LimitNOFILE=) has it as both, so nothing was raised.
            var isService = parent == 0 || read($"/proc/{parent}/comm").TrimEnd() == "systemd";
            var first = isService ? hard == ServiceHard ? ServiceSoft : null
                // Another hard limit than the parent's: set between the two, and no word left of the soft one.
                : Limits(read($"/proc/{parent}/limits")) is var (theirs, theirHard) && theirHard == hard ? theirs
                : (long?)null;
            return first < soft ? first : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static (long Soft, long Hard)? Limits(string text)
    {
        const string name = "Max open files";
        foreach (var line in text.Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal)))
        {
            var parts = line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length >= 2)
                return (Number(parts[0]), Number(parts[1]));
        }

        return null;
    }

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;

    /// <summary>The fourth field, behind a name in brackets that may hold anything.</summary>
    private static int? ParentOf(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 1 && int.TryParse(fields[1], CultureInfo.InvariantCulture, out var parent)
            ? parent
            : null;
    }
}
