using System.Globalization;

namespace Weir.Processes;

/// <summary>
/// Fills PORT and WEIR_SOCKET into a command's words, for those who write them without a shell around it.
/// </summary>
internal static class PortWords
{
    public const string Port = "PORT";
    public const string Socket = "WEIR_SOCKET";

    /// <summary>Replaces $PORT and ${PORT}, and leaves every other $ alone.</summary>
    public static IReadOnlyList<string> Fill(IReadOnlyList<string> words, int port) =>
        Fill(words, Port, port.ToString(CultureInfo.InvariantCulture));

    /// <summary>Replaces $NAME and ${NAME}, and leaves every other $ alone.</summary>
    public static IReadOnlyList<string> Fill(IReadOnlyList<string> words, string name, string value) =>
    [
        .. words.Select(word =>
            Fill(word.Replace($"${{{name}}}", value, StringComparison.Ordinal), "$" + name, value)),
    ];

    /// <summary>True where the text says $NAME or ${NAME}.</summary>
    public static bool Says(string text, string name) => Fill([text], name, "")[0] != text;

    private static string Fill(string word, string name, string value)
    {
        for (var at = 0; (at = word.IndexOf(name, at, StringComparison.Ordinal)) >= 0;)
        {
            var end = at + name.Length;
            // $PORTAL and $PORT_2 are other names.
            var isOther = end < word.Length && (char.IsAsciiLetterOrDigit(word[end]) || word[end] == '_');
            if (!isOther)
                word = word[..at] + value + word[end..];
            at += isOther ? name.Length : value.Length;
        }

        return word;
    }
}
