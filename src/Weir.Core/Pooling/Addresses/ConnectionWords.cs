using System.Text;

namespace Weir.Core.Pooling.Addresses;

/// <summary>
/// A connection string as PgBouncer reads it: <c>key=value</c> with blanks between, a value in single quotes where it
/// has blanks, and a quote within them doubled.
/// </summary>
internal static class ConnectionWords
{
    /// <param name="fault">Null where all was read; the words before a fault are there. Never holds a value.</param>
    public static Dictionary<string, string> Read(string text, out string? fault)
    {
        fault = null;
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        var rest = text.AsSpan().Trim();
        while (!rest.IsEmpty && fault is null)
        {
            var end = rest.IndexOfAny("= \t");
            var key = end < 0 ? rest : rest[..end];
            rest = rest[key.Length..].TrimStart();
            if (key.IsEmpty || !rest.StartsWith("="))
            {
                fault = key.IsEmpty ? "a word is missing before '='" : $"a '=' is missing behind \"{key}\"";
                break;
            }

            rest = rest[1..].TrimStart();
            var value = rest.StartsWith("'") ? TakeQuoted(ref rest) : TakePlain(ref rest);
            if (value is null)
                fault = $"the value of \"{key}\" has a quote that is never closed, or something right behind it";
            else if (value.Length == 0)
                fault = $"\"{key}\" has no value";
            else
                words[key.ToString()] = value;
            rest = rest.TrimStart();
        }

        return words;
    }

    private static string TakePlain(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAny(" \t");
        var value = end < 0 ? rest : rest[..end];
        rest = rest[value.Length..];
        return value.ToString();
    }

    private static string? TakeQuoted(ref ReadOnlySpan<char> rest)
    {
        var value = new StringBuilder();
        for (var at = 1; at < rest.Length; at++)
        {
            if (rest[at] != '\'')
            {
                value.Append(rest[at]);
                continue;
            }

            if (at + 1 == rest.Length || rest[at + 1] is ' ' or '\t')
            {
                rest = rest[(at + 1)..];
                return value.ToString();
            }

            if (rest[++at] != '\'')
                return null;
            value.Append('\'');
        }

        return null;
    }
}
