using System.Text.RegularExpressions;

namespace Weir.Tests.Tidy;

/// <summary>
/// Finds functions by their braces: a block whose opening line stands alone and follows a line that ends a parameter
/// list, an accessor, or a constructor's base call. Good enough for code in our layout, which the format check holds.
/// </summary>
internal static partial class FunctionBlocks
{
    /// <param name="code">Code without comments and strings.</param>
    /// <returns>
    /// The line of each outermost function's opening brace, and its lines from there to the closing one.
    /// </returns>
    public static IEnumerable<(int Line, int Lines)> Find(string code)
    {
        var lines = code.Split('\n');
        for (var i = 1; i < lines.Length; i++)
        {
            if (lines[i].Trim() != "{" || !IsFunction(lines, i))
                continue;
            var indent = lines[i].Length - lines[i].TrimStart().Length;
            var close = new string(' ', indent) + '}';
            var end = i + 1;
            while (end < lines.Length && !lines[end].StartsWith(close, StringComparison.Ordinal))
                end++;
            yield return (i + 1, end - i + 1);
            i = end;
        }
    }

    private static bool IsFunction(string[] lines, int brace)
    {
        var at = brace - 1;
        while (at > 0 && lines[at].Trim().Length == 0)
            at--;
        var before = lines[at].Trim();
        if (before is "get" or "set" or "init" or "add" or "remove")
            return true;
        // A constraint or a base call may follow the parameter list.
        while (at > 0 && (before.StartsWith("where ", StringComparison.Ordinal)
            || before.StartsWith(": ", StringComparison.Ordinal)))
            before = lines[--at].Trim();
        if (!before.EndsWith(')') || before.StartsWith('['))
            return false;
        // The parameter list may be a type's: its first line stands as deep as the brace.
        var indent = lines[brace].Length - 1;
        while (at > 0
            && (lines[at].Length <= indent || lines[at][..indent].Trim().Length > 0 || lines[at][indent] == ' '))
        {
            at--;
        }

        return !TypeWord().IsMatch(lines[at]);
    }

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum|extension)\b")]
    private static partial Regex TypeWord();
}
