using System.Text;
using Weir.Core.Processes;

namespace Weir.Fuzz;

/// <summary>
/// Whatever a line or a configuration says, the finding is one that can hold, the same each time, and no configuration
/// is stronger than the command line.
/// </summary>
internal static class SlotsTarget
{
    public static void FuzzLine(ReadOnlySpan<byte> data)
    {
        var line = Encoding.UTF8.GetString(data);
        var found = Check(line, "");
        // The same line, in a shell of its own.
        if (line.Length < 10_000 && !line.Contains('\'', StringComparison.Ordinal)
            && Check($"sh -c '{line}'", "") is var inside && inside.Slots > Math.Max(found.Slots, 1) && !found.IsAsync)
            throw new InvariantException($"In a shell of its own it has more slots: {found} and {inside}.");
    }

    public static void FuzzRuby(ReadOnlySpan<byte> data)
    {
        var text = Encoding.UTF8.GetString(data);
        Check("puma", text);
        Check("unicorn -c file", text);
        Is(6, Check("puma -C file -w 2 -t 3:3", text));
    }

    public static void FuzzPython(ReadOnlySpan<byte> data)
    {
        var text = Encoding.UTF8.GetString(data);
        Check("gunicorn -c file app:app", text);
        Is(6, Check("gunicorn -c file -k gthread -w 2 --threads 3 app:app", text));
    }

    private static SlotFinding Check(string line, string file)
    {
        var found = Find(line, file);
        if (found != Find(line, file))
            throw new InvariantException("The same question has another answer.");
        var isWhole = found.Workers >= 1 && found.Slots >= 0 && (found.IsAsync || found.Slots >= found.Workers);
        if (!isWhole)
            throw new InvariantException($"No server is such: {found}.");
        if (found.Unread != SlotUnread.None && found.Doubt.Length == 0)
            throw new InvariantException($"What is unread is not named: {found}.");
        if ((found.Evidence + found.Doubt).Contains('\0', StringComparison.Ordinal))
            throw new InvariantException("Evidence is for people.");
        return found;
    }

    private static void Is(int slots, SlotFinding found)
    {
        if (found.Slots != slots)
            throw new InvariantException($"The command line said {slots}: {found}.");
    }

    private static SlotFinding Find(string line, string file) => SlotFinder.Find(
        new SlotQuestion(line, new Dictionary<string, string> { ["WEB_CONCURRENCY"] = "3", ["N"] = "4 -w 5" },
            path => path is "file" or "config/puma.rb" or "start" ? file : null));
}
