using System.Globalization;

namespace Weir.Core.Processes;

/// <summary>What is wanted of a line of /proc/PID/stat (proc(5)).</summary>
internal sealed record ProcessStat(char State, int Parent, int Group, int Session, long StartTicks)
{
    /// <summary>Its own and its waited-for children's, in clock ticks.</summary>
    public long CpuTicks { get; init; }
    public int Threads { get; init; }

    /// <summary>Memory pages in use, shared ones included.</summary>
    public long ResidentPages { get; init; }

    /// <summary>A zombie, or on its way out: it runs nothing and holds nothing.</summary>
    public bool IsEnded => State is 'Z' or 'X' or 'x';

    /// <summary>Null where the text is no such line.</summary>
    public static ProcessStat? Read(string text)
    {
        // The name may hold spaces and brackets: fields are counted after its last bracket.
        var end = text.LastIndexOf(')');
        if (end < 0 || end + 2 > text.Length)
            return null;
        var fields = text[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        const int startField = 19;
        if (fields.Length <= startField || fields[0].Length != 1)
            return null;
        return Number(fields[1]) is { } parent && Number(fields[2]) is { } group && Number(fields[3]) is { } session
            && Number(fields[startField]) is { } ticks
            ? new ProcessStat(fields[0][0], (int)parent, (int)group, (int)session, ticks)
            {
                CpuTicks = fields[11..15].Sum(field => Number(field) ?? 0),
                Threads = (int)(Number(fields[17]) ?? 0),
                ResidentPages = fields.Length > 21 ? Number(fields[21]) ?? 0 : 0,
            }
            : null;
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number : null;
}
