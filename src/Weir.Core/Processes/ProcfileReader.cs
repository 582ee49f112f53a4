namespace Weir.Core.Processes;

/// <summary>
/// Reads a Procfile: "name: command" a line, names of ASCII letters, digits, '_' and '-' as foreman has them. Blank
/// lines and those that begin with '#' are passed over. What foreman drops in silence is a fault here.
/// </summary>
internal static class ProcfileReader
{
    /// <summary>In the order of the file; of a name given twice, the first.</summary>
    public static IReadOnlyList<ProcfileEntry> Read(string text, List<LineFault> faults)
    {
        var entries = new List<ProcfileEntry>();
        var rest = text.AsSpan().TrimStart('\uFEFF');
        for (var number = 1; rest.Length > 0; number++)
        {
            var end = rest.IndexOf('\n');
            var line = (end < 0 ? rest : rest[..end]).Trim();
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (line.Length == 0 || line[0] == '#')
                continue;
            var problem = ReadLine(line, number, entries);
            if (problem.Length > 0)
                faults.Add(new LineFault(number, problem));
        }

        return entries;
    }

    /// <summary>True for what can name a process type.</summary>
    public static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '-'))
                return false;
        }

        return name.Length > 0;
    }

    private static string ReadLine(ReadOnlySpan<char> line, int number, List<ProcfileEntry> entries)
    {
        var colon = line.IndexOf(':');
        if (colon < 0)
            return "is not 'name: command'; write it like 'web: gunicorn app:app'";
        var name = line[..colon];
        if (!IsName(name))
            return "does not begin with a name of letters, digits, '_' and '-' and a ':'; "
                + "write it like 'web: gunicorn app:app'";
        var command = line[(colon + 1)..].Trim();
        if (command.Length == 0)
            return $"{name} has no command; write it like '{name}: gunicorn app:app', or take the line away";
        if (command.Contains('\0'))
            return $"{name} has a NUL character in its command, which no program can be given; take it out";
        var text = name.ToString();
        if (entries.Find(entry => entry.Name == text) is { } first)
            return $"{text} is given twice, first in line {first.Line}; give the second another name";
        entries.Add(new ProcfileEntry(text, command.ToString(), number));
        return "";
    }
}
