namespace Weir.Core.Processes.Configs;

/// <summary>
/// Reads the settings of a configuration in Python (Gunicorn's) without running it: they are its variables. One that a
/// branch may or may not have set, or that a statement sets which is not understood, is unknown.
/// </summary>
internal sealed class PythonConfig
{
    private static readonly string[] s_headers =
        ["if", "elif", "else", "try", "except", "finally", "for", "while", "with", "def", "class", "async"];

    private readonly Stack<ConfigBlock> _blocks = new();
    private readonly Dictionary<string, int> _lines = [];
    private readonly ConfigNames _names;
    private readonly IReadOnlyList<string> _settings;

    private PythonConfig(ConfigNames names, IReadOnlyList<string> settings) => (_names, _settings) = (names, settings);

    /// <param name="settings">Names of the settings looked for: "workers", "threads".</param>
    /// <returns>Those that the configuration sets.</returns>
    public static Dictionary<string, ConfigSetting> Read(
        string text, ConfigNames names, IReadOnlyList<string> settings)
    {
        var config = new PythonConfig(names, settings);
        foreach (var statement in ConfigStatements.Cut(text, ConfigLanguage.Python, out var isBalanced))
        {
            config.Take(statement);
            if (!isBalanced)
                config.Doubt(statement, statement.Count);
        }

        var found = new Dictionary<string, ConfigSetting>();
        foreach (var name in settings)
        {
            if (names.TryGet(name, out var value))
                found[name] = new ConfigSetting([value], config._lines.GetValueOrDefault(name));
        }

        return found;
    }

    private void Take(List<ConfigToken> words)
    {
        var column = words[0].Column;
        var first = words[0].Kind == TokenKind.Name ? words[0].Text : "";
        while (_blocks.TryPeek(out var block) && block.Column > column)
            _blocks.Pop();
        var isArm = first is "elif" or "else" or "except" or "finally";
        if (!isArm && _blocks.TryPeek(out var ended) && ended.Column == column)
            _blocks.Pop();
        if (!s_headers.Contains(first))
        {
            Execute(words, 0);
            return;
        }

        var colon = ColonAt(words);
        if (isArm)
            Turn(first, words, colon);
        else
            _blocks.Push(ConfigBlock.If(Opening(first, words, colon)) with { Column = column });
        if (colon + 1 < words.Count)
            Execute(words, colon + 1);
    }

    private Certainty Opening(string word, List<ConfigToken> words, int colon) => word switch
    {
        "if" => Condition(words, colon),
        "try" or "with" => Certainty.Yes,
        "for" or "while" => Certainty.Maybe,
        _ => Certainty.No,
    };

    private void Turn(string word, List<ConfigToken> words, int colon)
    {
        if (!_blocks.TryPop(out var block))
            return;
        _blocks.Push(word switch
        {
            "elif" => block.ElseIf(Condition(words, colon)),
            "else" => block.Else(),
            "except" => block with { Runs = Certainty.Maybe },
            _ => block with { Runs = Certainty.Yes },
        });
    }

    private void Execute(List<ConfigToken> words, int from)
    {
        var runs = Runs();
        if (runs == Certainty.No)
            return;
        if (words[from].Is("from") || words[from].Is("import"))
        {
            Import(words, from);
            return;
        }

        var equals = EqualsAt(words, from);
        if (equals < 0)
            return;
        // name = …, name: type = …, name += …
        var isPlain = words[from].Kind == TokenKind.Name
            && (equals == from + 1 || (from + 1 < equals && words[from + 1].Is(":")));
        if (!isPlain)
        {
            Doubt(words, equals, from);
            return;
        }

        var value = runs == Certainty.Maybe
            ? ConfigValue.Unknown
            : ConfigExpression.Evaluate(words, equals + 1, words.Count, _names);
        if (words[equals].Text != "=")
            value = ConfigValue.Unknown;
        if (!value.IsKnown && EqualsAt(words, equals + 1) is var next and > 0)
            Doubt(words, next, equals + 1);
        Set(words[from], value);
    }

    private void Import(List<ConfigToken> words, int from)
    {
        if (!words[^1].Is("*"))
        {
            Doubt(words, words.Count, from);
            return;
        }

        // What it brings is in another file, under any name.
        _names.Forget();
        foreach (var setting in _settings)
            Set(words[from] with { Text = setting }, ConfigValue.Unknown);
    }

    private void Doubt(List<ConfigToken> words, int to, int from = 0)
    {
        for (var at = from; at < to; at++)
        {
            if (words[at].Kind is TokenKind.Name or TokenKind.Text && _settings.Contains(words[at].Text))
                Set(words[at], ConfigValue.Unknown);
        }
    }

    private void Set(ConfigToken name, ConfigValue value)
    {
        _names.Set(name.Text, value);
        _lines[name.Text] = name.Line;
    }

    private static int EqualsAt(List<ConfigToken> words, int from)
    {
        var depth = 0;
        for (var at = from; at < words.Count; at++)
        {
            depth += Step(words[at]);
            if (depth == 0 && words[at].Kind == TokenKind.Operator
                && words[at].Text is "=" or "+=" or "-=" or "*=" or "//=")
                return at;
        }

        return -1;
    }

    /// <summary>The colon that ends a header; the last word where it has none.</summary>
    private static int ColonAt(List<ConfigToken> words)
    {
        var depth = 0;
        for (var at = 1; at < words.Count; at++)
        {
            depth += Step(words[at]);
            if (depth == 0 && words[at].Is(":"))
                return at;
        }

        return words.Count;
    }

    private static int Step(ConfigToken word) => word.Kind != TokenKind.Operator
        ? 0
        : word.Text switch
        {
            "(" or "[" or "{" => 1,
            ")" or "]" or "}" => -1,
            _ => 0,
        };

    private Certainty Condition(List<ConfigToken> words, int colon) =>
        ConfigBlock.Of(ConfigExpression.Evaluate(words, 1, colon, _names), ConfigLanguage.Python);

    private Certainty Runs()
    {
        var runs = Certainty.Yes;
        foreach (var block in _blocks)
            runs = block.Runs < runs ? block.Runs : runs;
        return runs;
    }
}
