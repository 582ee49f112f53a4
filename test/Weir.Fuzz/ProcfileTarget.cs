using System.Text;
using Weir.Core.Processes;

namespace Weir.Fuzz;

/// <summary>
/// Each line of a Procfile is an entry, a fault or nothing; what was read, written again, reads the same, also with
/// CRLF. Each command, read as a shell's line, keeps its promises too.
/// </summary>
internal static class ProcfileTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var text = Encoding.UTF8.GetString(data);
        var faults = new List<LineFault>();
        var entries = ProcfileReader.Read(text, faults);
        var lines = text.Split('\n').Length;
        var told = entries.Select(entry => entry.Line).Concat(faults.Select(fault => fault.Line)).ToList();
        if (told.Distinct().Count() != told.Count || told.Exists(line => line < 1 || line > lines))
            throw new InvariantException("A line counts twice, or is none.");
        if (entries.Select(entry => entry.Name).Distinct().Count() != entries.Count)
            throw new InvariantException("A name is there twice.");
        foreach (var end in (string[])["\n", "\r\n"])
        {
            faults.Clear();
            var again = ProcfileReader.Read(
                string.Concat(entries.Select(entry => $"{entry.Name}: {entry.Command}{end}")), faults);
            if (faults.Count > 0 || !again.Select(Pair).SequenceEqual(entries.Select(Pair)))
                throw new InvariantException("Written again, it is read otherwise.");
        }

        foreach (var entry in entries)
            CheckLine(entry.Command);
    }

    private static (string, string) Pair(ProcfileEntry entry) => (entry.Name, entry.Command);

    private static void CheckLine(string line)
    {
        var shell = ShellLine.Of(line);
        var at = -1;
        foreach (var word in shell.Words)
        {
            if (word.Start <= at || word.Start >= line.Length)
                throw new InvariantException("Words are not in their order.");
            at = word.Start;
        }

        if (shell.Script != line && shell.Script.Replace("exec ", "") != line.Replace("exec ", ""))
            throw new InvariantException("The script is not the line with exec in it.");
        var self = SelfLine.Read(line);
        if (self.Kind == SelfLineKind.Wrapped && SelfLine.Read(self.Line).Kind != SelfLineKind.Other)
            throw new InvariantException("What was taken out of Weir's line starts Weir.");
        if (self.Kind == SelfLineKind.Wrapped && !ShellLine.Of(self.Line).IsSimple)
            throw new InvariantException("What was taken out of Weir's line is more than one command.");
        if (StopHabits.Find(line).Signals.Count == 0)
            throw new InvariantException("No signal ends it.");
        // Words of their own, joined, are those words.
        var words = shell.Words.Where(word => word.IsLiteral).Select(word => word.Text).ToList();
        var joined = ShellLine.Of(ShellLine.Join(words)).Words.Select(word => word.Text);
        if (!joined.SequenceEqual(words))
            throw new InvariantException("Joined words are other words.");
    }
}
