using System.Globalization;
using Weir.Core.Processes;

namespace Weir.Processes;

/// <summary>Every process at one moment, as /proc tells it. Some 20 µs a process: not for every request.</summary>
internal sealed class ProcessTable
{
    private readonly Dictionary<int, ProcessRow> _rows = [];

    /// <summary>Empty where /proc cannot be read.</summary>
    public static ProcessTable Read()
    {
        var table = new ProcessTable();
        try
        {
            foreach (var folder in Directory.EnumerateDirectories("/proc"))
            {
                if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture,
                    out var id) && ReadRow(id) is { } row)
                {
                    table._rows[id] = row;
                }
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // No /proc: nothing is known, and nobody is harmed.
        }

        return table;
    }

    public IEnumerable<ProcessRow> Rows => _rows.Values;

    /// <summary>
    /// The leader, all of its session, and all that any of them started and that still has them above it.
    /// </summary>
    public List<ProcessRow> TreeOf(int leader) =>
        [.. _rows.Values.Where(row => row.State is not ('Z' or 'X') && IsUnder(row, leader))];

    /// <summary>One process now; null where there is none.</summary>
    public static ProcessRow? ReadRow(int id)
    {
        try
        {
            return Parse(id, File.ReadAllText($"/proc/{id}/stat"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads proc(5)'s stat line; null where it is none.</summary>
    public static ProcessRow? Parse(int id, string text) => ProcessStat.Read(text) is { } stat
        ? new ProcessRow(
            id, stat.State, stat.Parent, stat.Session, stat.CpuTicks, stat.Threads, stat.ResidentPages)
        : null;

    private bool IsUnder(ProcessRow row, int leader)
    {
        for (var depth = 0; depth < 64; depth++)
        {
            if (row.Id == leader || row.Session == leader)
                return true;
            if (!_rows.TryGetValue(row.Parent, out row))
                return false;
        }

        return false;
    }
}
