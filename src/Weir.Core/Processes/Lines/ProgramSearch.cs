using System.Text.Json;

namespace Weir.Core.Processes.Lines;

/// <summary>
/// Finds the programs that a line comes to: through wrappers, sh -c, scripts of the app's folder, and package.json.
/// </summary>
internal sealed class ProgramSearch
{
    private const int TextMax = 64 * 1024;
    private const int DepthMax = 5;
    private const int CallsMax = 200;
    private static readonly string[] s_shells = ["sh", "bash", "dash", "zsh", "ash", "ksh"];
    private static readonly string[] s_scripts = ["npm", "yarn", "pnpm", "bun"];
    private readonly SlotQuestion _question;
    private readonly List<ProgramCall> _calls = [];
    private string _folder = "";

    private ProgramSearch(SlotQuestion question) => _question = question;

    /// <summary>In the order in which the line runs them.</summary>
    public static IReadOnlyList<ProgramCall> Find(SlotQuestion question)
    {
        var search = new ProgramSearch(question);
        search.Line(question.Line, question.Environment, [], isBranch: false, depth: 0);
        return search._calls;
    }

    private void Line(
        string line, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> arguments, bool isBranch,
        int depth)
    {
        if (line.Length > TextMax || depth > DepthMax)
            return;
        foreach (var command in ShellScript.Read(line, environment, arguments, _question.Processors))
        {
            if (_calls.Count < CallsMax)
                Command(command with { IsBranch = command.IsBranch || isBranch }, depth);
        }
    }

    private void Command(ShellCommand command, int depth)
    {
        var words = command.Words;
        var environment = new Dictionary<string, string>(command.Environment);
        while (words.Count > 0 && Wrapper.Of(NameOf(words[0]), words) is { } wrapper)
        {
            var isEnvironment = NameOf(words[0]) == "env";
            words = [.. words.Skip(wrapper.CommandAt(words))];
            while (isEnvironment && words.Count > 0 && ShellScript.AssignmentAt(words[0]) is var at and > 0)
            {
                environment[words[0][..at]] = words[0][(at + 1)..];
                words = [.. words.Skip(1)];
            }
        }

        if (words.Count == 0)
            return;
        var name = NameOf(words[0]);
        if (name == "cd")
            _folder = words.Count > 1 ? At(words[1]) : "";
        else if (s_shells.Contains(name))
            Shell(words, environment, command.IsBranch, depth);
        else if (s_scripts.Contains(name) && ScriptOf(name, words) is { } script)
            Line(script, environment, [], command.IsBranch, depth + 1);
        else if (!TryScript(words, environment, command.IsBranch, depth))
            _calls.Add(Call(words, environment, command.IsBranch));
    }

    private void Shell(
        IReadOnlyList<string> words, Dictionary<string, string> environment, bool isBranch, int depth)
    {
        var at = 1;
        while (at < words.Count && words[at].StartsWith('-') && !words[at].StartsWith("--", StringComparison.Ordinal))
        {
            if (words[at].EndsWith('c') && at + 1 < words.Count)
            {
                Line(words[at + 1], environment, [.. words.Skip(at + 2)], isBranch, depth + 1);
                return;
            }

            at += words[at] == "-o" ? 2 : 1;
        }

        if (at < words.Count && Text(At(words[at])) is { } text)
            Line(text, environment, [.. words.Skip(at)], isBranch, depth + 1);
    }

    /// <summary>A shell script of the app's own is read as the line that it stands for.</summary>
    private bool TryScript(
        IReadOnlyList<string> words, Dictionary<string, string> environment, bool isBranch, int depth)
    {
        if (!words[0].Contains('/', StringComparison.Ordinal) || words[0].StartsWith('/')
            || Text(At(words[0])) is not { } text || !text.StartsWith("#!", StringComparison.Ordinal))
            return false;
        var first = text.AsSpan(2, Math.Max(0, text.IndexOf('\n', StringComparison.Ordinal) - 2)).ToString();
        if (!first.Split('/', ' ').Any(word => s_shells.Contains(word.Trim())))
            return false;
        Line(text, environment, words, isBranch, depth + 1);
        return true;
    }

    private string? Text(string path) => _question.ReadFile(path) is { Length: <= TextMax } text ? text : null;

    private string At(string path) => path.StartsWith('/') || _folder.Length == 0 ? path : $"{_folder}/{path}";

    /// <summary>The line of `npm start` and `yarn serve`; null where package.json has none.</summary>
    private string? ScriptOf(string program, IReadOnlyList<string> words)
    {
        var rest = words.Skip(1).Where(word => !word.StartsWith('-')).ToList();
        var isRun = rest.Count > 1 && rest[0] is "run" or "run-script";
        var name = isRun ? rest[1] : rest.Count > 0 ? rest[0] : "";
        var isOther = name.Length == 0 || (program == "npm" && !isRun && name != "start");
        if (isOther || Text(At("package.json")) is not { } text)
            return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.TryGetProperty("scripts", out var scripts)
                && scripts.TryGetProperty(name, out var script) && script.ValueKind == JsonValueKind.String
                    ? script.GetString()
                    : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Takes an interpreter off: python -m gunicorn is gunicorn, ruby bin/rails is rails.</summary>
    private ProgramCall Call(IReadOnlyList<string> words, Dictionary<string, string> environment, bool isBranch)
    {
        var name = NameOf(words[0]);
        var skipped = 1;
        if (name is "python" or "pypy" or "ruby" or "jruby" or "php")
        {
            var at = 1;
            var module = name is "python" or "pypy" ? "-m" : name is "php" ? "" : "-S";
            while (at < words.Count && words[at].StartsWith('-') && words[at] != module)
                at += words[at] is "-W" or "-X" or "-I" or "-r" or "-d" or "-c" ? 2 : 1;
            if (at + 1 < words.Count && words[at] == module)
                (name, skipped) = (NameOf(words[at + 1]), at + 2);
            else if (at < words.Count && IsKnownScript(NameOf(words[at])))
                (name, skipped) = (NameOf(words[at]), at + 1);
        }

        return new ProgramCall(name, [.. words.Skip(skipped)], environment, _folder, isBranch);
    }

    private static bool IsKnownScript(string name) =>
        name is "manage.py" or "rails" or "puma" or "gunicorn" or "uvicorn" or "flask" or "artisan" or "waitress-serve"
            or "unicorn" or "rackup" or "daphne" or "hypercorn";

    /// <summary>A program's name without its folder, and without a version behind python, ruby and php-fpm.</summary>
    public static string NameOf(string word)
    {
        var name = word[(word.LastIndexOf('/') + 1)..];
        var plain = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.');
        return plain is "python" or "ruby" or "php" or "php-fpm" or "pypy" or "uwsgi" ? plain : name;
    }
}
