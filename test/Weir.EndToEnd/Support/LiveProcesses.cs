using System.Diagnostics;
using System.Globalization;

namespace Weir.EndToEnd.Support;

/// <summary>What the kernel says of processes.</summary>
internal static class LiveProcesses
{
    /// <summary>True for a process that runs; one that ended and was not waited for does not.</summary>
    public static bool IsAlive(int id) => Stat(id) is { } stat && stat[0] is not ("Z" or "X");

    public static bool IsGroupGoneWithin(int group, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        while (Members(group).Any())
        {
            if (clock.Elapsed > limit) return false;
            Thread.Sleep(50);
        }

        return true;
    }

    /// <summary>Children that lead a group of their own, without those whose command line holds a word.</summary>
    public static IEnumerable<int> LeadersUnder(int parent, string without) =>
        All().Where(id => Stat(id) is { } stat && Is(stat[1], parent) && Is(stat[2], id)
            && !Text(id, "cmdline").Contains(without, StringComparison.Ordinal));

    /// <summary>True once no process has this variable in its environment.</summary>
    /// <param name="variable">NAME=value.</param>
    /// <param name="exceptGroup">The test's own watcher is in it.</param>
    public static bool AreGoneWithin(string variable, int exceptGroup, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        while (All().Any(id => Stat(id) is { } stat && stat[0] is not ("Z" or "X") && !Is(stat[2], exceptGroup)
            && Text(id, "environ").Split('\0').Contains(variable)))
        {
            if (clock.Elapsed > limit) return false;
            Thread.Sleep(50);
        }

        return true;
    }

    public static IEnumerable<int> ChildrenOf(int parent) =>
        All().Where(id => Stat(id) is { } stat && Is(stat[1], parent) && stat[0] is not ("Z" or "X"));

    /// <summary>Of every process of a group.</summary>
    public static IReadOnlyList<string> ThreadNames(int group)
    {
        var names = new List<string>();
        foreach (var id in Members(group))
        {
            try
            {
                names.AddRange(Directory.GetDirectories($"/proc/{id}/task")
                    .Select(thread => File.ReadAllText(thread + "/comm").TrimEnd()));
            }
            catch (IOException)
            {
                // It ended between the listing and the reading.
            }
        }

        return names;
    }

    public static void Signal(string signal, int id)
    {
        using var kill = Process.Start("kill", [signal, "--", id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static IEnumerable<int> Members(int group) =>
        All().Where(id => Stat(id) is { } stat && Is(stat[2], group) && stat[0] is not ("Z" or "X"));

    private static IEnumerable<int> All() =>
        Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0);

    private static bool Is(string field, int number) =>
        field == number.ToString(CultureInfo.InvariantCulture);

    private static string Text(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>State, parent, group, … or null where there is no such process.</summary>
    private static string[]? Stat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            // The name before may hold spaces and parentheses itself.
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
