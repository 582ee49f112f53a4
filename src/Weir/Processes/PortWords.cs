using System.Globalization;

namespace Weir.Processes;

/// <summary>Fills PORT into a command's words, for those who write it without a shell around it.</summary>
internal static class PortWords
{
    /// <summary>Replaces $PORT and ${PORT}, and leaves every other $ alone.</summary>
    public static IReadOnlyList<string> Fill(IReadOnlyList<string> words, int port)
    {
        var text = port.ToString(CultureInfo.InvariantCulture);
        return [.. words.Select(word => Fill(word.Replace("${PORT}", text, StringComparison.Ordinal), text))];
    }

    private static string Fill(string word, string port)
    {
        const string name = "$PORT";
        for (var at = 0; (at = word.IndexOf(name, at, StringComparison.Ordinal)) >= 0;)
        {
            var end = at + name.Length;
            // $PORTAL and $PORT_2 are other names.
            var isOther = end < word.Length && (char.IsAsciiLetterOrDigit(word[end]) || word[end] == '_');
            if (!isOther)
                word = word[..at] + port + word[end..];
            at += isOther ? name.Length : port.Length;
        }

        return word;
    }
}
