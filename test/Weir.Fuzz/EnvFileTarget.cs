using System.Text;
using Weir.Core.Processes;

namespace Weir.Fuzz;

/// <summary>What was read of a .env file, written again in quotes, reads the same; each fault names a line.</summary>
internal static class EnvFileTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var text = Encoding.UTF8.GetString(data);
        var faults = new List<LineFault>();
        var entries = EnvFileReader.Read(text, faults);
        var lines = text.Split('\n').Length;
        if (faults.Exists(fault => fault.Line < 1 || fault.Line > lines || fault.Problem.Length == 0))
            throw new InvariantException("A fault names no line, or says nothing.");
        var at = 0;
        foreach (var entry in entries)
        {
            if (entry.Line <= at || entry.Line > lines)
                throw new InvariantException("Entries are not in their order.");
            at = entry.Line;
            if (entry.Name.Length == 0 || entry.Value.Contains('\0', StringComparison.Ordinal))
                throw new InvariantException("No program can be given this.");
        }

        var written = string.Concat(entries.Select(entry => $"export {entry.Name}=\"{Escape(entry.Value)}\" # x\n"));
        faults.Clear();
        var again = EnvFileReader.Read(written, faults);
        var isSame = again.Select(Pair).SequenceEqual(entries.Select(Pair));
        if (faults.Count > 0 || !isSame)
            throw new InvariantException("Written again, it is read otherwise.");
    }

    private static (string, string) Pair(EnvEntry entry) => (entry.Name, entry.Value);

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\r", "\\r");
}
