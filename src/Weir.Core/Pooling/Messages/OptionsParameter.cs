using System.Text;

namespace Weir.Core.Pooling.Messages;

/// <summary>
/// Reads the startup parameter <c>options</c>: settings given as switches of a command line (<c>-c name=value</c>,
/// <c>-cname=value</c>, <c>--name=value</c>; blanks part them, a backslash takes the next character as it is). Other
/// switches of the server are for nobody behind a pooler, and are refused.
/// </summary>
internal static class OptionsParameter
{
    /// <summary>
    /// Adds the settings in their order; the last of one name holds. False with the problem in words.
    /// </summary>
    public static bool TryRead(string options, List<KeyValuePair<string, string>> into, out string problem)
    {
        problem = "";
        var words = Split(options);
        for (var index = 0; index < words.Count; index++)
        {
            var word = words[index];
            string? setting;
            if (word == "-c")
                setting = ++index < words.Count ? words[index] : null;
            else if (word.StartsWith("-c", StringComparison.Ordinal) || word.StartsWith("--", StringComparison.Ordinal))
                setting = word[2..];
            else
            {
                problem = $"options: \"{word}\" is not supported: only -c name=value and --name=value are";
                return false;
            }

            var equals = setting?.IndexOf('=', StringComparison.Ordinal) ?? -1;
            if (setting is null || equals < 0)
            {
                problem = $"options: {word} requires a value: write it like -c name=value";
                return false;
            }

            var name = setting[..equals].Replace('-', '_');
            if (!IsName(name))
            {
                problem = $"options: \"{name}\" is not the name of a setting";
                return false;
            }

            into.Add(new(name, setting[(equals + 1)..]));
        }

        return true;
    }

    /// <summary>A setting's name as PostgreSQL takes it, with points for the settings of extensions.</summary>
    private static bool IsName(string name)
    {
        var isFirst = true;
        foreach (var letter in name)
        {
            var fits = char.IsAsciiLetter(letter) || letter is '_' or >= '\x80'
                || (!isFirst && (char.IsAsciiDigit(letter) || letter is '$' or '.'));
            if (!fits)
                return false;
            isFirst = letter == '.';
        }

        return !isFirst;
    }

    private static List<string> Split(string options)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        for (var at = 0; at < options.Length;)
        {
            if (IsBlank(options[at]))
            {
                at++;
                continue;
            }

            for (; at < options.Length && !IsBlank(options[at]); at++)
            {
                if (options[at] == '\\' && ++at == options.Length)
                    break;
                word.Append(options[at]);
            }

            words.Add(word.ToString());
            word.Clear();
        }

        return words;
    }

    /// <summary>C's isspace.</summary>
    private static bool IsBlank(char letter) => letter is ' ' or (>= '\t' and <= '\r');
}
