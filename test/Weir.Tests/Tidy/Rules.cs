using System.Text.RegularExpressions;

namespace Weir.Tests.Tidy;

/// <summary>
/// The manner of STYLE.md, as far as it can be counted. Each rule gives the faults of one file, in words.
/// </summary>
internal static partial class Rules
{
    public const int FileLinesMax = 400;
    public const int FunctionLinesMax = 70;
    public const int ColumnsMax = 120;

    /// <summary>A function may be longer with a comment that begins so and says why.</summary>
    public const string LongOnPurpose = "// Long on purpose: ";

    /// <summary>The words themselves are put together here, so that this file does not break its own rule.</summary>
    private static readonly string[] s_banned = ["FIX" + "ME", "TO" + "DO", "REVI" + "EW", "HA" + "CK", "XX" + "X"];

    private static readonly string[] s_hosts =
        ["nuget" + ".org", "npmjs" + ".org", "registry" + ".npm", "pypi" + ".org", "deb" + ".debian"];

    private static readonly string[] s_vague =
        ["Util", "Utils", "Utilities", "Helper", "Helpers", "Manager", "Managers", "Infrastructure"];

    public static IEnumerable<string> FileLength(Source source)
    {
        var lines = source.Lines.Length - 1;
        if (lines > FileLinesMax)
            yield return $"{source.Path}: {lines} lines, {FileLinesMax} at most";
    }

    public static IEnumerable<string> LineLength(Source source)
    {
        foreach (var (line, index) in source.Lines.Select((line, index) => (line, index)))
        {
            if (line.Length > ColumnsMax)
                yield return $"{source.Path}:{index + 1}: {line.Length} columns, {ColumnsMax} at most";
        }
    }

    public static IEnumerable<string> BannedWords(Source source)
    {
        foreach (var (line, index) in source.Lines.Select((line, index) => (line, index)))
        {
            foreach (var word in s_banned.Where(word => Regex.IsMatch(line, $@"\b{word}\b")))
                yield return $"{source.Path}:{index + 1}: {word}: do it, or file it";
            foreach (var host in s_hosts.Where(line.Contains))
                yield return $"{source.Path}:{index + 1}: names a package registry";
        }
    }

    public static IEnumerable<string> VagueNames(Source source)
    {
        var folders = source.Path.Split('/')[..^1];
        var types = TypeDeclarations().Matches(CodeText.Blank(source.Text)).Select(match => match.Groups["name"].Value);
        foreach (var name in folders.Concat(types).Append(source.Name).Distinct())
        {
            if (s_vague.Any(vague => name.EndsWith(vague, StringComparison.Ordinal)))
                yield return $"{source.Path}: {name} says nothing; name what it does";
        }
    }

    /// <summary>
    /// A type sits in a file of its name ("Room.Log.cs" holds Room); a tiny enum or record may sit with its only user.
    /// </summary>
    public static IEnumerable<string> TypeFile(Source source)
    {
        var names = TopTypes(CodeText.Blank(source.Text)).ToList();
        var expected = source.Name.Split('.')[0];
        if (names.Count > 0 && !names.Exists(type => type.Name == expected))
            yield return $"{source.Path}: holds {names[0].Name}; a type sits in a file of its name";
        foreach (var (name, kind, lines) in names.Where(type => type.Name != expected))
        {
            if (lines > 25 || kind is "class" or "interface")
                yield return $"{source.Path}: also holds {kind} {name}; give it a file of its own";
        }
    }

    public static IEnumerable<string> FunctionLength(Source source)
    {
        foreach (var (line, lines) in FunctionBlocks.Find(CodeText.Blank(source.Text)))
        {
            // The line above its signature may say why this one is longer.
            var excused = source.Lines[Math.Max(0, line - 3)..line].Any(text => text.Contains(LongOnPurpose));
            if (lines > FunctionLinesMax && !excused)
                yield return $"{source.Path}:{line}: a function of {lines} lines, {FunctionLinesMax} at most";
        }
    }

    /// <summary>
    /// Who may use whom: Weir → Sim → Core, Core pure; nobody calls Dashboard or Control but House and the verbs.
    /// </summary>
    public static IEnumerable<string> Arrows(Source source)
    {
        foreach (Match match in Usings().Matches(CodeText.Blank(source.Text)))
        {
            var used = match.Groups["name"].Value;
            if (Forbidden(source.Path, used))
                yield return $"{source.Path}: may not use {used}";
        }
    }

    private static bool Forbidden(string path, string used)
    {
        bool Is(string name) => used == name || used.StartsWith(name + '.', StringComparison.Ordinal);
        bool In(string folder) => path.StartsWith(folder, StringComparison.Ordinal);
        var ours = Is("Weir");
        if (In("src/Weir.Core/"))
        {
            return (ours && !Is("Weir.Core"))
                || Is("System.IO") || Is("System.Net.Sockets") || Is("System.Net.Http") || Is("System.Threading")
                || Is("System.Diagnostics.Process")
                || Is("Microsoft");
        }
        if (In("src/Weir.Sim/"))
            return ours && !Is("Weir.Core") && !Is("Weir.Sim");
        if (!In("src/Weir/"))
            return false;
        string[] callers = ["src/Weir/Verbs/", "src/Weir/Config/", "src/Weir/House"];
        return (Is("Weir.Dashboard") && !In("src/Weir/Dashboard/") && !callers.Any(In))
            || (Is("Weir.Control") && !In("src/Weir/Control/") && !callers.Any(In));
    }

    private static IEnumerable<(string Name, string Kind, int Lines)> TopTypes(string code)
    {
        foreach (Match match in TypeDeclarations().Matches(code))
        {
            if (match.Groups["indent"].Length > 0)
                continue;
            var end = code.IndexOf("\n}", match.Index, StringComparison.Ordinal);
            var body = code[match.Index..(end < 0 ? code.Length : end)];
            yield return (match.Groups["name"].Value, match.Groups["kind"].Value,
                body.Count(letter => letter == '\n') + 1);
        }
    }

    private const string Modifiers =
        "(?:(?:public|internal|private|protected|file|static|sealed|abstract|partial|readonly|ref|unsafe) )*";

    private const string Declaration =
        @"^(?<indent>[ \t]*)" + Modifiers + @"(?<kind>class|struct|record struct|record|interface|enum) (?<name>\w+)";

    [GeneratedRegex(Declaration, RegexOptions.Multiline)]
    private static partial Regex TypeDeclarations();

    [GeneratedRegex(@"^(?:global )?using (?:static |unsafe )?(?:\w+ = )?(?<name>[\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex Usings();
}
