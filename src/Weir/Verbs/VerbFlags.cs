using System.CommandLine;
using Weir.Config;

namespace Weir.Verbs;

/// <summary>A verb's flags and words, described to System.CommandLine and read back from it.</summary>
internal sealed class VerbFlags
{
    private readonly List<(string Name, bool Repeats, Option<string[]> Option)> _flags = [];
    private Argument<string[]>? _words;
    private Verb? _verb;

    public void Describe(Command command, Verb verb)
    {
        _verb = verb;
        foreach (var setting in Settings.All)
        {
            if (verb.Settings is null || verb.Settings.Contains(setting.Name))
                Add(command, setting);
        }
        foreach (var (flag, does) in verb.Flags)
            Add(command, flag.TrimEnd('='), "--" + flag.TrimEnd('='), [], does,
                takesValue: flag.EndsWith('='), repeats: false);
        if (verb.Words.Count > 0)
        {
            var name = string.Join(' ', verb.Words).Trim('[', ']');
            _words = new Argument<string[]>(name) { Arity = ArgumentArity.ZeroOrMore };
            command.Add(_words);
        }
    }

    /// <summary>The first thing wrong with what was written, and what to do; null where all is well.</summary>
    public string? Fault(ParseResult parsed)
    {
        var help = $"(weir {_verb!.Name} --help lists what it takes)";
        var words = Words(parsed);
        var tooMany = words.Where((word, index) => index >= _verb.Words.Count || word.StartsWith('-'));
        foreach (var token in parsed.UnmatchedTokens.Concat(tooMany))
        {
            var hint = NearestName.Hint(token.Split('=')[0], _flags.Select(flag => flag.Option.Name));
            return token.StartsWith('-') ? $"no such flag: {token}{hint} {help}"
                : $"'{token}' is not expected here {help}";
        }
        if (words.Count < _verb.Words.Count(word => !word.StartsWith('[')))
            return $"say weir {_verb.Name} {string.Join(' ', _verb.Words)}";
        foreach (var (_, repeats, option) in _flags)
        {
            if (parsed.GetResult(option) is not { } result)
                continue;
            if (option.Arity.MinimumNumberOfValues > 0 && result.Tokens.Count < result.IdentifierTokenCount)
                return $"{option.Name} needs a value";
            if (!repeats && result.IdentifierTokenCount > 1)
                return $"{option.Name} is given twice";
        }
        return parsed.Errors.Count > 0 ? $"{parsed.Errors[0].Message} {help}" : null;
    }

    public Dictionary<string, string> Values(ParseResult parsed)
    {
        var values = new Dictionary<string, string>();
        foreach (var (name, _, option) in _flags)
        {
            if (parsed.GetResult(option) is { Implicit: false } result)
                values[name] = result.Tokens.Count == 0 ? "on"
                    : string.Join(',', result.Tokens.Select(token => token.Value));
        }
        return values;
    }

    public IReadOnlyList<string> Words(ParseResult parsed) =>
        _words is null ? [] : [.. parsed.GetResult(_words)?.Tokens.Select(token => token.Value) ?? []];

    private void Add(Command command, Setting setting)
    {
        string[] aliases = setting.Alias.Length > 0 ? ["--" + setting.Alias] : [];
        var usual = setting.Default.Length > 0 ? $" [{setting.Default}]" : "";
        var takesValue = setting.Kind != SettingKind.Switch;
        Add(command, setting.Name, setting.Flag, aliases, setting.Doc + usual, takesValue,
            setting.Kind == SettingKind.List);
    }

    private void Add(
        Command command, string name, string flag, string[] aliases, string does, bool takesValue, bool repeats)
    {
        var option = new Option<string[]>(flag, aliases)
        {
            Description = does,
            Arity = takesValue ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrOne,
            HelpName = takesValue ? "value" : "on|off",
            // The library makes no list of the one word that a switch may have behind it.
            CustomParser = result => [.. result.Tokens.Select(token => token.Value)],
        };
        _flags.Add((name, repeats, option));
        command.Add(option);
    }
}
