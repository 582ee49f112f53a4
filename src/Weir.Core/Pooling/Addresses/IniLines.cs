using System.Text;

namespace Weir.Core.Pooling.Addresses;

/// <summary>The lines of a PgBouncer's configuration file and of the files that it includes.</summary>
internal sealed class IniLines
{
    /// <summary>PgBouncer's own bound; it also ends a file that includes itself.</summary>
    public const int IncludeDepthMax = 10;

    /// <summary>Of all files together, so that few that include each other twice do not make many.</summary>
    public const int FilesMax = 1000;

    private readonly Func<string, string?> _include;
    private readonly List<string> _faults;
    private readonly Func<string, string, string, string?> _take;
    private string? _section;
    private int _files;

    private IniLines(
        Func<string, string?> include, List<string> faults, Func<string, string, string, string?> take)
    {
        _include = include;
        _faults = faults;
        _take = take;
    }

    /// <param name="take">Section, key, value → what is wrong with them, or null.</param>
    public static void Read(
        string text, Func<string, string?> include, List<string> faults,
        Func<string, string, string, string?> take) =>
        new IniLines(include, faults, take).ReadFile(text, "", 0);

    private void ReadFile(string text, string file, int depth)
    {
        _files++;
        var number = 0;
        foreach (var line in text.TrimStart('\uFEFF').Split('\n'))
        {
            number++;
            if (ReadLine(line.AsSpan().Trim(), depth) is { } fault)
                _faults.Add($"{file}line {number}: {fault}");
        }
    }

    private string? ReadLine(ReadOnlySpan<char> line, int depth)
    {
        // As with PgBouncer, what follows a section on its line is read as the next line.
        while (!line.IsEmpty && line[0] == '[')
        {
            var end = line.IndexOf(']');
            if (end < 0)
                return "the section's bracket is never closed";
            _section = line[1..end].ToString();
            line = line[(end + 1)..].TrimStart();
        }

        if (line.IsEmpty || line[0] is ';' or '#')
            return null;
        if (line.StartsWith("%include ") || line.StartsWith("%include\t"))
            return Include(line["%include ".Length..].TrimStart().ToString(), depth);
        if (ReadKey(ref line) is not { Length: > 0 } key)
            return "a line is a [section], key = value, or a comment behind ; or #";
        line = line.TrimStart(" \t");
        if (!line.StartsWith("="))
            return $"a '=' is missing behind \"{key}\"";
        if (_section is null)
            return $"\"{key}\" stands before any [section]";
        return _take(_section, key, line[1..].TrimStart(" \t").ToString());
    }

    /// <summary>A name of letters, digits and _.-*, or any in single or double quotes; null where it is none.</summary>
    private static string? ReadKey(ref ReadOnlySpan<char> line)
    {
        var quote = line[0];
        if (quote is not ('"' or '\''))
        {
            var length = 0;
            while (length < line.Length
                   && (char.IsAsciiLetterOrDigit(line[length]) || line[length] is '_' or '.' or '-' or '*'))
                length++;
            var plain = line[..length].ToString();
            line = line[length..];
            return plain;
        }

        var key = new StringBuilder();
        for (var at = 1; at < line.Length; at++)
        {
            var isDoubled = line[at] == quote && at + 1 < line.Length && line[at + 1] == quote;
            if (line[at] == quote && !isDoubled)
            {
                line = line[(at + 1)..];
                return key.ToString();
            }

            key.Append(line[at]);
            if (isDoubled)
                at++;
        }

        return null;
    }

    private string? Include(string name, int depth)
    {
        if (name.Length == 0)
            return "%include names no file";
        if (depth >= IncludeDepthMax || _files >= FilesMax)
            return $"\"{name}\" is included at a depth of more than {IncludeDepthMax}, or is one file too many";
        if (_include(name) is not { } text)
            return $"\"{name}\" cannot be read";
        ReadFile(text, $"{name} ", depth + 1);
        return null;
    }
}
