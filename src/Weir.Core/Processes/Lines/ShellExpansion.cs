using System.Globalization;
using System.Text;
using Weir.Core.Processes.Configs;

namespace Weir.Core.Processes.Lines;

/// <summary>Takes the quotes off a raw word and fills in its variables, as a shell would.</summary>
/// <param name="variables">What the shell knows at this command.</param>
/// <param name="arguments">$0, $1 …: of a script, or of sh -c.</param>
internal sealed class ShellExpansion(
    IReadOnlyDictionary<string, string> variables, IReadOnlyList<string> arguments, ProcessorCounts processors)
{
    private const int LengthMax = 64 * 1024;
    private readonly List<string> _fields = [];
    private readonly StringBuilder _field = new();
    private bool _isField;
    private int _depth;

    /// <summary>The fields that a word becomes: none of an empty variable, several of one with blanks.</summary>
    public IReadOnlyList<string> Fields(string word)
    {
        _fields.Clear();
        _field.Clear();
        _isField = false;
        Add(word, isQuoted: false);
        EndField();
        return [.. _fields];
    }

    /// <summary>A word's value where no fields are made: after a = for one.</summary>
    public string Text(string word) => string.Join(' ', Fields(word));

    private void Add(string word, bool isQuoted)
    {
        for (var at = 0; at < word.Length && _field.Length < LengthMax;)
        {
            var next = ShellPiece.Past(word, at);
            switch (word[at])
            {
                case '\\' when at + 1 < word.Length:
                    Keep(word[at + 1]);
                    break;
                case '\'' when !isQuoted:
                    _isField = true;
                    _field.Append(word, at + 1, Math.Max(0, next - at - 2));
                    break;
                case '\'':
                    next = at + 1;
                    Keep('\'');
                    break;
                case '"':
                    _isField = true;
                    Inner(word[(at + 1)..Math.Max(at + 1, next - 1)]);
                    break;
                case '`':
                    Substitute(word[(at + 1)..Math.Max(at + 1, next - 1)], isQuoted);
                    break;
                case '$':
                    next = Variable(word, at, isQuoted);
                    break;
                default:
                    Keep(word[at]);
                    break;
            }

            at = next;
        }
    }

    private void Inner(string text)
    {
        if (_depth > 8)
        {
            Keep(ShellScript.Unknown);
            return;
        }

        _depth++;
        Add(text, isQuoted: true);
        _depth--;
    }

    /// <returns>The place after it.</returns>
    private int Variable(string word, int at, bool isQuoted)
    {
        if (at + 1 >= word.Length)
        {
            Keep('$');
            return at + 1;
        }

        var next = word[at + 1];
        if (next is '(' or '{')
        {
            var end = ShellPiece.AfterPair(word, at + 1);
            var inside = word[(at + 2)..Math.Max(at + 2, end - 1)];
            if (next == '{')
                Braced(inside, isQuoted);
            else
                Substitute(inside, isQuoted);
            return end;
        }

        if (next is '@' or '*')
        {
            Arguments();
            return at + 2;
        }

        var length = char.IsAsciiDigit(next) ? 1 : NameLength(word.AsSpan(at + 1));
        if (length == 0)
        {
            // $$, $?, $! and $- are the shell's own.
            Keep(next is '$' or '?' or '!' or '-' or '#' ? ShellScript.Unknown : '$');
            return at + (next is '$' or '?' or '!' or '-' or '#' ? 2 : 1);
        }

        Put(Value(word.Substring(at + 1, length)) ?? "", isQuoted);
        return at + 1 + length;
    }

    private void Braced(string inside, bool isQuoted)
    {
        var length = inside.Length > 0 && char.IsAsciiDigit(inside[0]) ? 1 : NameLength(inside);
        var rest = inside[length..];
        if (length == 0)
        {
            if (inside is "@" or "*")
                Arguments();
            else
                Keep(ShellScript.Unknown);
            return;
        }

        var value = Value(inside[..length]);
        var isColon = rest.StartsWith(':');
        var act = rest.Length > (isColon ? 1 : 0) ? rest[isColon ? 1 : 0] : ' ';
        var other = rest.Length > (isColon ? 2 : 1) ? rest[(isColon ? 2 : 1)..] : "";
        var isUnset = value is null || (isColon && value.Length == 0);
        if (rest.Length == 0)
            Put(value ?? "", isQuoted);
        else if (act is '-' or '=' && isUnset)
            Put(Other(other), isQuoted);
        else if (act == '+')
            Put(isUnset ? "" : Other(other), isQuoted);
        else if (act is '-' or '=' or '?')
            Put(value ?? "", isQuoted);
        else
            Keep(ShellScript.Unknown);
    }

    private string Other(string text)
    {
        if (_depth > 8)
            return ShellScript.Unknown.ToString();
        return new ShellExpansion(variables, arguments, processors) { _depth = _depth + 1 }.Text(text);
    }

    /// <summary>$(nproc) and arithmetic are told; what another command says is not known.</summary>
    private void Substitute(string inside, bool isQuoted)
    {
        var isSum = inside.StartsWith('(') && inside.EndsWith(')');
        if (isSum)
            Put(Sum(inside[1..^1]), isQuoted);
        else if (inside.Trim() == "nproc")
            Put(processors.Allowed.ToString(CultureInfo.InvariantCulture), isQuoted);
        else
            Keep(ShellScript.Unknown);
    }

    private string Sum(string sum)
    {
        // In arithmetic a bare name is a variable too.
        var names = new ConfigNames(ConfigLanguage.Python, variables, processors);
        foreach (var (name, value) in variables)
            names.Set(name, ConfigValue.OfText(value).ToNumber());
        var result = ConfigExpression.Evaluate(Other(sum).Replace("/", "//", StringComparison.Ordinal), names);
        return result.TryWhole(out var whole)
            ? whole.ToString(CultureInfo.InvariantCulture)
            : ShellScript.Unknown.ToString();
    }

    private void Arguments()
    {
        for (var index = 1; index < arguments.Count; index++)
        {
            if (index > 1)
                EndField();
            _isField = true;
            _field.Append(arguments[index]);
        }
    }

    private string? Value(string name) => char.IsAsciiDigit(name[0])
        ? name[0] - '0' < arguments.Count ? arguments[name[0] - '0'] : null
        : variables.GetValueOrDefault(name);

    private void Put(string value, bool isQuoted)
    {
        if (isQuoted)
        {
            _field.Append(value);
            return;
        }

        foreach (var letter in value)
        {
            if (letter is ' ' or '\t' or '\n')
                EndField();
            else
                Keep(letter);
        }
    }

    private void Keep(char letter)
    {
        _isField = true;
        _field.Append(letter);
    }

    private void EndField()
    {
        if (_isField && _fields.Count < 1_000)
            _fields.Add(_field.ToString());
        _field.Clear();
        _isField = false;
    }

    private static int NameLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length
            && (char.IsAsciiLetter(text[length]) || text[length] == '_'
                || (length > 0 && char.IsAsciiDigit(text[length]))))
            length++;
        return length;
    }
}
