using System.CommandLine;
using Weir.Config;

namespace Weir.Verbs;

/// <summary>A verb's flags and words, described to System.CommandLine and read back from it.</summary>
internal sealed class VerbFlags
{
    private readonly List<VerbFlag> _flags = [];
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
            Add(command, flag.TrimEnd('='), "--" + flag.TrimEnd('='), [], does, takesValue: flag.EndsWith('='));
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
        foreach (var flag in _flags)
        {
            if (parsed.GetResult(flag.Option) is not { Implicit: false } result)
                continue;
            if (flag.Option.Arity.MinimumNumberOfValues > 0 && result.Tokens.Count < result.IdentifierTokenCount)
                return $"{flag.Option.Name} needs a value";
            if (!flag.Repeats && result.IdentifierTokenCount > 1)
                return $"{flag.Option.Name} is given twice";
            var other = _flags.Find(one => one != flag && one.Name == flag.Name
                && parsed.GetResult(one.Option) is { Implicit: false });
            if (other is not null)
                return $"give {flag.Option.Name} or {other.Option.Name}, not both";
        }
        return parsed.Errors.Count > 0 ? $"{parsed.Errors[0].Message} {help}" : null;
    }

    public Dictionary<string, string> Values(ParseResult parsed)
    {
        var values = new Dictionary<string, string>();
        foreach (var flag in _flags)
        {
            if (parsed.GetResult(flag.Option) is { Implicit: false } result)
                values[flag.Name] = result.Tokens.Count == 0 ? flag.Alone
                    : string.Join(',', result.Tokens.Select(token => token.Value));
        }
        return values;
    }

    public IReadOnlyList<string> Words(ParseResult parsed) =>
        _words is null ? [] : [.. parsed.GetResult(_words)?.Tokens.Select(token => token.Value) ?? []];

    private void Add(Command command, Setting setting)
    {
        List<string> aliases = setting.Alias.Length > 0 ? ["--" + setting.Alias] : [];
        if (_verb!.Short.TryGetValue(setting.Name, out var own))
            aliases.Add("--" + own);
        var usual = setting.Default.Length > 0 ? $" [{setting.Default}]" : "";
        var takesValue = setting.Kind != SettingKind.Switch;
        var repeats = setting.Kind == SettingKind.List;
        Add(command, setting.Name, setting.Flag, [.. aliases], setting.Doc + usual, takesValue, repeats);
        if (setting.Not.Length > 0)
            AddNot(command, setting);
    }

    private void AddNot(Command command, Setting setting)
    {
        var option = new Option<string[]>("--" + setting.Not)
        {
            Description = $"The same as {setting.Flag} off.",
            Arity = ArgumentArity.Zero,
        };
        _flags.Add(new VerbFlag(setting.Name, option) { Alone = "off" });
        command.Add(option);
    }

    private void Add(
        Command command, string name, string flag, string[] aliases, string does, bool takesValue,
        bool repeats = false)
    {
        var option = new Option<string[]>(flag, aliases)
        {
            Description = does,
            Arity = takesValue ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrOne,
            HelpName = takesValue ? "value" : "on|off",
            // The library makes no list of the one word that a switch may have behind it.
            CustomParser = result => [.. result.Tokens.Select(token => token.Value)],
        };
        _flags.Add(new VerbFlag(name, option) { Repeats = repeats });
        command.Add(option);
    }
}
