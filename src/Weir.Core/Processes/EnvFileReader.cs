using System.Text;

namespace Weir.Core.Processes;

/// <summary>
/// Reads a .env file as foreman and dotenv do, where they agree: NAME=value, "export " before it or not, single quotes
/// for values as they stand, double quotes for values with escapes (\n, \r, and \x for x), both over several lines; a
/// '#' at the beginning of a line or behind a space begins a comment. Nothing is filled in ($NAME stays as it is, as
/// with foreman), so that a password with a dollar sign survives.
/// </summary>
internal ref struct EnvFileReader
{
    private const string Manner = "write it like NAME=value";
    private readonly ReadOnlySpan<char> _text;
    private readonly List<LineFault> _faults;
    private int _at;
    private int _line = 1;

    private EnvFileReader(ReadOnlySpan<char> text, List<LineFault> faults)
    {
        _text = text;
        _faults = faults;
    }

    /// <summary>In the order of the file; of a name given more than once, each: the last one holds.</summary>
    public static IReadOnlyList<EnvEntry> Read(string text, List<LineFault> faults)
    {
        var entries = new List<EnvEntry>();
        var plain = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal);
        var reader = new EnvFileReader(plain, faults);
        while (reader._at < reader._text.Length)
        {
            var line = reader._line;
            if (reader.ReadEntry() is not var (name, value))
                continue;
            if (value.Contains('\0', StringComparison.Ordinal))
                faults.Add(new LineFault(line, $"{name} has a NUL character, which no program can be given"));
            else
                entries.Add(new EnvEntry(name, value, line));
        }

        return entries;
    }

    /// <summary>The next line's variable, with the lines that its quotes take; null where it has none.</summary>
    private (string Name, string Value)? ReadEntry()
    {
        SkipSpaces();
        if (IsAtEnd() || _text[_at] == '#')
        {
            SkipLine();
            return null;
        }

        var (line, start) = (_line, _at);
        if (_text[_at..].StartsWith("export ", StringComparison.Ordinal) || _text[_at..].StartsWith("export\t"))
        {
            _at += 7;
            SkipSpaces();
            start = _at;
        }

        while (!IsAtEnd() && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '.'))
            _at++;
        var name = _text[start.._at].ToString();
        SkipSpaces();
        if (name.Length == 0 || IsAtEnd() || _text[_at] != '=')
        {
            _faults.Add(new LineFault(line, name.Length == 0
                ? $"does not begin with a name of letters, digits and '_'; {Manner}"
                : $"has no '=' behind {name}; {Manner}"));
            SkipLine();
            return null;
        }

        _at++;
        SkipSpaces();
        var value = !IsAtEnd() && _text[_at] is '"' or '\'' ? ReadQuoted(name, line) : ReadPlain();
        SkipLine();
        return value is null ? null : (name, value);
    }

    private string ReadPlain()
    {
        var start = _at;
        while (!IsAtEnd() && !(_text[_at] == '#' && _text[_at - 1] is ' ' or '\t'))
            _at++;
        return _text[start.._at].TrimEnd().ToString();
    }

    private string? ReadQuoted(string name, int line)
    {
        var quote = _text[_at++];
        var value = new StringBuilder();
        var (resumeAt, resumeLine) = (_at, _line);
        for (; _at < _text.Length && _text[_at] != quote; _at++)
        {
            var letter = _text[_at];
            if (letter == '\n')
                _line++;
            if (letter != '\\' || quote == '\'' || _at + 1 == _text.Length)
            {
                value.Append(letter);
                continue;
            }

            var escaped = _text[++_at];
            if (escaped == '\n')
                _line++;
            value.Append(escaped switch { 'n' => '\n', 'r' => '\r', _ => escaped });
        }

        if (_at >= _text.Length)
        {
            // The lines below are read for themselves, so that one forgotten quote makes one fault.
            (_at, _line) = (resumeAt, resumeLine);
            _faults.Add(new LineFault(line, $"{name}'s quote {quote} is never closed; close it"));
            return null;
        }

        _at++;
        SkipSpaces();
        if (IsAtEnd() || _text[_at] == '#')
            return value.ToString();
        _faults.Add(new LineFault(_line, $"there is more behind {name}'s closing quote; quote the whole value"));
        return null;
    }

    /// <summary>True at the end of the line.</summary>
    private readonly bool IsAtEnd() => _at >= _text.Length || _text[_at] == '\n';

    private void SkipSpaces()
    {
        while (!IsAtEnd() && char.IsWhiteSpace(_text[_at]))
            _at++;
    }

    private void SkipLine()
    {
        while (!IsAtEnd())
            _at++;
        _at++;
        _line++;
    }
}
