using System.Globalization;

namespace Weir.EndToEnd.Support;

/// <summary>What the processes of one group have used, read from /proc.</summary>
/// <param name="CpuMicroseconds">User and system time of all threads, ended children of the group too.</param>
/// <param name="ResidentBytes">Resident memory (VmRSS) summed over the processes; shared pages count in each.</param>
internal readonly record struct ProcessFigures(long CpuMicroseconds, long ResidentBytes)
{
    // USER_HZ is 100 on every Linux that .NET runs on; the kernel scales these ticks to its exact run time.
    private const long MicrosecondsPerTick = 10_000;

    /// <summary>Reads the group that <paramref name="leader"/> leads; its watcher shell is left out.</summary>
    public static ProcessFigures Of(int leader)
    {
        long ticks = 0, resident = 0;
        OfEach(leader, (folder, fields) =>
        {
            // utime, stime, and cutime, cstime of children already waited for: fields 14 to 17 of proc(5).
            ticks += Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]);
            resident += Kilobytes(folder + "/status", "VmRSS:") * 1024;
        });
        return new ProcessFigures(ticks * MicrosecondsPerTick, resident);
    }

    /// <summary>
    /// Nanoseconds that the threads of the group have run, of those that live: for what takes less than many ticks.
    /// </summary>
    public static long RunTimeOf(int leader)
    {
        long nanoseconds = 0;
        OfEach(leader, (folder, _) =>
        {
            foreach (var thread in Directory.EnumerateDirectories(folder + "/task"))
                nanoseconds += Number(File.ReadAllText(thread + "/schedstat").Split(' ')[0]);
        });
        return nanoseconds;
    }

    /// <param name="read">Given a process's folder, and the words of its stat from the third on.</param>
    private static void OfEach(int leader, Action<string, string[]> read)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!char.IsAsciiDigit(Path.GetFileName(folder)[0])) continue;
            try
            {
                var stat = File.ReadAllText(folder + "/stat");
                // The command may hold spaces and brackets: fields are counted after its last bracket.
                var name = stat[(stat.IndexOf('(') + 1)..stat.LastIndexOf(')')];
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (name != "sh" && Number(fields[2]) == leader)
                    read(folder, fields);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // It ended between the listing and the reading.
            }
        }
    }

    private static long Kilobytes(string path, string key)
    {
        foreach (var line in File.ReadLines(path))
        {
            if (line.StartsWith(key, StringComparison.Ordinal))
                return Number(line[key.Length..].Replace("kB", "", StringComparison.Ordinal).Trim());
        }

        return 0;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
