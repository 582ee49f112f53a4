namespace Weir.Core.Processes.Configs;

/// <summary>
/// Reads the settings of a configuration in Ruby (Puma's, Unicorn's) without running it. A setting that a branch may
/// or may not have set, or that stands in a statement which is not understood, is unknown.
/// </summary>
internal sealed class RubyConfig
{
    private static readonly string[] s_modifiers = ["if", "unless", "while", "until", "rescue"];
    private readonly Stack<ConfigBlock> _blocks = new();
    private readonly Dictionary<string, ConfigSetting> _found = [];
    private readonly ConfigNames _names;
    private readonly IReadOnlyList<string> _settings;

    private RubyConfig(ConfigNames names, IReadOnlyList<string> settings) => (_names, _settings) = (names, settings);

    /// <param name="settings">Names of the settings looked for: "workers", "threads".</param>
    /// <returns>Those that the configuration sets.</returns>
    public static Dictionary<string, ConfigSetting> Read(
        string text, ConfigNames names, IReadOnlyList<string> settings)
    {
        var config = new RubyConfig(names, settings);
        foreach (var statement in ConfigStatements.Cut(text, ConfigLanguage.Ruby, out var isBalanced))
        {
            config.Take(statement);
            if (!isBalanced)
                config.Doubt(statement, 0);
        }

        return config._found;
    }

    private void Take(List<ConfigToken> words)
    {
        var first = words[0].Kind == TokenKind.Name ? words[0].Text : "";
        var isOneLine = words.Count > 1 && words[^1].Is("end");
        if (isOneLine)
        {
            Doubt(words, 1);
            return;
        }

        switch (first)
        {
            case "if":
                _blocks.Push(ConfigBlock.If(Condition(words, 1, words.Count)));
                return;
            case "unless":
                _blocks.Push(ConfigBlock.If(ConfigBlock.Opposite(Condition(words, 1, words.Count))));
                return;
            case "case":
                var subject = ConfigExpression.Evaluate(words, 1, words.Count, _names);
                _blocks.Push(new ConfigBlock(Certainty.No, Certainty.No) { Subject = subject });
                return;
            case "begin":
                _blocks.Push(ConfigBlock.If(Certainty.Yes));
                return;
            case "while" or "until" or "for":
                _blocks.Push(ConfigBlock.If(Certainty.Maybe));
                return;
            case "def" or "class" or "module":
                _blocks.Push(ConfigBlock.If(Certainty.No));
                return;
            case "elsif" or "else" or "when" or "rescue" or "ensure" or "end":
                Turn(first, words);
                return;
        }

        Simple(words);
    }

    /// <summary>The next arm of the innermost block, or its end.</summary>
    private void Turn(string word, List<ConfigToken> words)
    {
        if (!_blocks.TryPop(out var block) || word == "end")
            return;
        _blocks.Push(word switch
        {
            "elsif" => block.ElseIf(Condition(words, 1, words.Count)),
            "when" => block.ElseIf(Matches(block.Subject, words)),
            "else" => block.Else(),
            "rescue" => block with { Runs = Certainty.Maybe },
            _ => block with { Runs = Certainty.Yes },
        });
    }

    private Certainty Matches(ConfigValue subject, List<ConfigToken> words)
    {
        var end = words.FindIndex(word => word.Is("then"));
        if (end > 0)
            Doubt(words, end);
        var best = Certainty.No;
        foreach (var value in ConfigExpression.EvaluateList(words, 1, end > 0 ? end : words.Count, _names))
        {
            var isSame = value.Kind == subject.Kind && value.Text == subject.Text
                && value.Number.Equals(subject.Number);
            var one = !value.IsKnown || !subject.IsKnown ? Certainty.Maybe : isSame ? Certainty.Yes : Certainty.No;
            best = one > best ? one : best;
        }

        return best;
    }

    private void Simple(List<ConfigToken> words)
    {
        var block = words.FindIndex(word => word.Is("do"));
        if (block > 0)
        {
            // A block is run later, many times or never.
            Doubt(words, 0);
            _blocks.Push(ConfigBlock.If(Certainty.Maybe));
            return;
        }

        var runs = Runs();
        var end = ModifierAt(words);
        if (end > 0)
        {
            var condition = Condition(words, end + 1, words.Count);
            condition = words[end].Text switch
            {
                "if" => condition,
                "unless" => ConfigBlock.Opposite(condition),
                _ => Certainty.Maybe,
            };
            runs = condition < runs ? condition : runs;
        }
        else
        {
            end = words.Count;
        }

        if (runs != Certainty.No)
            Execute(words, end, runs);
    }

    private void Execute(List<ConfigToken> words, int end, Certainty runs)
    {
        var name = words[0].Text;
        var isName = words[0].Kind == TokenKind.Name;
        if (isName && end > 2 && (words[1].Is("=") || words[1].Is("||=")))
        {
            Assign(words, end, runs);
            return;
        }

        if (!isName || !_settings.Contains(name))
        {
            Doubt(words, 0, end);
            return;
        }

        var isBracketed = end > 2 && words[1].Is("(") && !words[1].IsSpaced && words[end - 1].Is(")");
        var values = isBracketed
            ? ConfigExpression.EvaluateList(words, 2, end - 1, _names)
            : ConfigExpression.EvaluateList(words, 1, end, _names);
        _found[name] = runs == Certainty.Yes
            ? new ConfigSetting(values, words[0].Line)
            : ConfigSetting.UnknownAt(words[0].Line);
    }

    private void Assign(List<ConfigToken> words, int end, Certainty runs)
    {
        var name = words[0].Text;
        var isBlock = words[2].Is("if") || words[2].Is("unless") || words[2].Is("case") || words[2].Is("begin");
        if (isBlock)
            _blocks.Push(ConfigBlock.If(Certainty.Maybe));
        var value = isBlock || runs == Certainty.Maybe
            ? ConfigValue.Unknown
            : ConfigExpression.Evaluate(words, 2, end, _names);
        var keeps = words[1].Text == "||=" && _names.TryGet(name, out var old) && old.Kind != ConfigKind.None;
        if (!keeps)
            _names.Set(name, value);
    }

    /// <summary>A statement that is not understood and speaks of a setting may set it.</summary>
    private void Doubt(List<ConfigToken> words, int from, int to = int.MaxValue)
    {
        if (Runs() == Certainty.No)
            return;
        for (var at = from; at < Math.Min(to, words.Count); at++)
        {
            if (words[at].Kind is TokenKind.Name or TokenKind.Symbol && _settings.Contains(words[at].Text))
                _found[words[at].Text] = ConfigSetting.UnknownAt(words[at].Line);
        }
    }

    private static int ModifierAt(List<ConfigToken> words)
    {
        var depth = 0;
        for (var at = 1; at < words.Count; at++)
        {
            depth += words[at].Text switch
            {
                "(" or "[" or "{" => 1,
                ")" or "]" or "}" => -1,
                _ => 0,
            };
            // `x = if …` is a block, no modifier.
            if (depth == 0 && words[at].Kind == TokenKind.Name && s_modifiers.Contains(words[at].Text)
                && !words[at - 1].Is("=") && !words[at - 1].Is("||="))
                return at;
        }

        return -1;
    }

    private Certainty Condition(List<ConfigToken> words, int from, int to)
    {
        if (to > from && words[to - 1].Is("then"))
            to--;
        return ConfigBlock.Of(ConfigExpression.Evaluate(words, from, to, _names), ConfigLanguage.Ruby);
    }

    private Certainty Runs()
    {
        var runs = Certainty.Yes;
        foreach (var block in _blocks)
            runs = block.Runs < runs ? block.Runs : runs;
        return runs;
    }
}
