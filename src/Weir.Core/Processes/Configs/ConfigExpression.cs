namespace Weir.Core.Processes.Configs;

// The small part of Ruby's and Python's expressions in which people count workers. Both are read by one grammar, since
// they differ in words more than in shape. It has no side effects, so both arms of a choice may be read; what is not
// of this grammar makes the whole expression unknown, never a guess.

/// <summary>Works out an expression of a server's configuration.</summary>
internal sealed class ConfigExpression
{
    private const int DepthMax = 48;
    private static readonly ConfigToken s_end = new(TokenKind.End, "", 0, 0, true);
    private readonly IReadOnlyList<ConfigToken> _tokens;
    private readonly ConfigNames _names;
    private readonly int _to;
    private int _at;
    private int _depth;
    private bool _isFailed;

    private ConfigExpression(IReadOnlyList<ConfigToken> tokens, int from, int to, ConfigNames names) =>
        (_tokens, _at, _to, _names) = (tokens, from, to, names);

    private ConfigToken Here => _at < _to ? _tokens[_at] : s_end;
    private ConfigToken After => _at + 1 < _to ? _tokens[_at + 1] : s_end;
    private bool IsRuby => _names.Language == ConfigLanguage.Ruby;

    public static ConfigValue Evaluate(string text, ConfigNames names)
    {
        var statements = ConfigStatements.Cut(text, names.Language, out var isBalanced);
        return statements.Count == 1 && isBalanced
            ? Evaluate(statements[0], 0, statements[0].Count, names)
            : ConfigValue.Unknown;
    }

    public static ConfigValue Evaluate(IReadOnlyList<ConfigToken> tokens, int from, int to, ConfigNames names)
    {
        var expression = new ConfigExpression(tokens, from, to, names);
        var value = expression.Value();
        return expression._isFailed || expression._at != to ? ConfigValue.Unknown : value;
    }

    /// <summary>Values with commas between: the arguments of a call without brackets.</summary>
    public static IReadOnlyList<ConfigValue> EvaluateList(
        IReadOnlyList<ConfigToken> tokens, int from, int to, ConfigNames names)
    {
        var expression = new ConfigExpression(tokens, from, to, names);
        var values = new List<ConfigValue>();
        do
            values.Add(expression.Value());
        while (expression.Take(",") && !expression._isFailed);
        return expression._isFailed || expression._at != to ? [ConfigValue.Unknown] : values;
    }

    private ConfigValue Value()
    {
        if (++_depth > DepthMax)
            return Fail();
        var value = Or();
        if (IsRuby && Take("?"))
        {
            var yes = Value();
            // `a ? 2 :b` writes its second arm as a symbol, which no count is.
            Need(":");
            value = Choose(value, yes, Value());
        }
        else if (!IsRuby && Take("if"))
        {
            var condition = Or();
            Need("else");
            value = Choose(condition, value, Value());
        }

        _depth--;
        return value;
    }

    private ConfigValue Choose(ConfigValue condition, ConfigValue yes, ConfigValue no)
    {
        if (!condition.IsKnown)
            return yes == no ? yes : ConfigValue.Unknown;
        return (condition.IsTrue(_names.Language) ? yes : no).From(condition);
    }

    private ConfigValue Or()
    {
        var value = And();
        while (Take("||") || Take("or"))
        {
            var other = And();
            value = Choose(value, value, other);
        }

        return value;
    }

    private ConfigValue And()
    {
        var value = Not();
        while (Take("&&") || Take("and"))
        {
            var other = Not();
            value = Choose(value, other, value);
        }

        return value;
    }

    private ConfigValue Not()
    {
        if (!Take("!") && !Take("not"))
            return Comparison();
        if (++_depth > DepthMax)
            return Fail();
        var value = Not();
        _depth--;
        return value.IsKnown ? ConfigValue.Of(!value.IsTrue(_names.Language)).From(value) : value;
    }

    private ConfigValue Comparison()
    {
        var left = Sum();
        var isOpposite = Here.Is("not") && After.Is("in") && Take("not");
        while (Here.Kind is TokenKind.Operator or TokenKind.Name
            && Here.Text is "==" or "!=" or ">" or "<" or ">=" or "<=" or "is" or "in")
        {
            var operation = _tokens[_at++].Text;
            if (operation == "in" && ConfigNames.IsEnvironment(PeekPath()))
            {
                TakePath();
                left = left.Kind == ConfigKind.Text
                    ? ConfigValue.Of(_names.IsSet(left.Text) != isOpposite)
                    : ConfigValue.Unknown;
                continue;
            }

            var isNot = operation == "is" && Take("not");
            left = Compare(operation, left, Sum(), isNot);
        }

        return left;
    }

    private static ConfigValue Compare(string operation, ConfigValue left, ConfigValue right, bool isNot)
    {
        if (!left.IsKnown || !right.IsKnown || operation == "in")
            return ConfigValue.Unknown;
        var isSame = left.Kind == right.Kind && left.Number.Equals(right.Number) && left.Text == right.Text;
        bool? result = operation switch
        {
            "==" => isSame,
            "!=" => !isSame,
            "is" => isSame != isNot,
            _ when left.Kind != ConfigKind.Number || right.Kind != ConfigKind.Number => null,
            ">" => left.Number > right.Number,
            "<" => left.Number < right.Number,
            ">=" => left.Number >= right.Number,
            _ => left.Number <= right.Number,
        };
        return result is { } known ? ConfigValue.Of(known).From(left).From(right) : ConfigValue.Unknown;
    }

    private ConfigValue Sum()
    {
        var value = Product();
        while (Here.Is("+") || Here.Is("-"))
            value = Calculate(_tokens[_at++].Text, value, Product());
        return value;
    }

    private ConfigValue Product()
    {
        var value = Sign();
        while (Here.Is("*") || Here.Is("/") || Here.Is("//") || Here.Is("%"))
            value = Calculate(_tokens[_at++].Text, value, Sign());
        return value;
    }

    private ConfigValue Calculate(string operation, ConfigValue left, ConfigValue right)
    {
        if (left.Kind != ConfigKind.Number || right.Kind != ConfigKind.Number)
            return ConfigValue.Unknown;
        var (a, b) = (left.Number, right.Number);
        var isWhole = operation == "//" || (IsRuby && a == Math.Truncate(a) && b == Math.Truncate(b));
        var result = operation switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "%" => a - b * Math.Floor(a / b),
            _ => isWhole ? Math.Floor(a / b) : a / b,
        };
        return ConfigValue.Of(result).From(left).From(right);
    }

    private ConfigValue Sign()
    {
        if (!Take("-"))
            return Postfix(Primary());
        if (++_depth > DepthMax)
            return Fail();
        var value = Sign();
        _depth--;
        return Calculate("-", ConfigValue.Of(0), value);
    }

    private ConfigValue Primary()
    {
        var token = Here;
        switch (token.Kind)
        {
            case TokenKind.Number:
                _at++;
                return ConfigValue.OfText(token.Text).ToNumber();
            case TokenKind.Text or TokenKind.Symbol:
                _at++;
                return ConfigValue.OfText(token.Text);
            case TokenKind.Strange:
                _at++;
                return ConfigValue.Unknown;
            case TokenKind.Name:
                return Named();
        }

        if (Take("("))
        {
            var value = Value();
            Need(")");
            return value;
        }

        return Take("[") ? List() : Fail();
    }

    /// <summary>A list is of use only for its greatest or its smallest: [2, n].max.</summary>
    private ConfigValue List()
    {
        var values = Until("]");
        var isExtreme = Here.Is(".") && (After.Is("max") || After.Is("min"));
        if (!isExtreme)
            return ConfigValue.Unknown;
        _at += 2;
        return ConfigCalls.Extreme(_tokens[_at - 1].Text, values);
    }

    private ConfigValue Named()
    {
        if (_names.TryGet(Here.Text, out var variable))
        {
            _at++;
            return variable;
        }

        var path = TakePath();
        if (_names.TryConstant(path, out var constant))
            return constant;
        if (ConfigNames.IsEnvironment(path) && Take("["))
        {
            var name = Value();
            Need("]");
            // Without the variable Python stops here; Ruby goes on with nil.
            var value = name.Kind == ConfigKind.Text ? _names.Environment(name.Text) : ConfigValue.Unknown;
            return value.Kind == ConfigKind.None && !IsRuby ? ConfigValue.Unknown : value;
        }

        return Call(path);
    }

    private ConfigValue Call(string path)
    {
        var arguments = new List<ConfigValue>();
        if (Here.Is("(") && !(IsRuby && Here.IsSpaced))
        {
            _at++;
            arguments = Until(")");
        }
        else if (ConfigNames.IsLookup(path) && Here.Kind == TokenKind.Text)
        {
            do
                arguments.Add(Value());
            while (Take(","));
        }

        if (IsRuby && Take("{"))
        {
            arguments.Add(Value());
            Need("}");
        }

        return ConfigCalls.Call(path, arguments, _names);
    }

    /// <summary>Values up to a closing bracket; of those told by name only a default counts.</summary>
    private List<ConfigValue> Until(string close)
    {
        var values = new List<ConfigValue>();
        while (!_isFailed && !Take(close))
        {
            var name = Here.Kind == TokenKind.Name && (IsRuby ? After.Is(":") : After.Is("=")) ? Here.Text : "";
            _at += name.Length > 0 ? 2 : 0;
            var value = Value();
            if (name is "" or "default")
                values.Add(value);
            if (!Here.Is(close))
                Need(",");
        }

        return values;
    }

    private ConfigValue Postfix(ConfigValue value)
    {
        while (!_isFailed)
        {
            if ((Here.Is(".") || Here.Is("&.")) && After.Kind == TokenKind.Name)
            {
                _at += 2;
                var name = _tokens[_at - 1].Text;
                var arguments = Here.Is("(") && !Here.IsSpaced && Take("(") ? Until(")") : [];
                value = ConfigCalls.Method(name, value, arguments, _names.Language);
            }
            else if (Here.Is("[") && !Here.IsSpaced && Take("["))
            {
                Until("]");
                value = ConfigValue.Unknown;
            }
            else
            {
                return value;
            }
        }

        return value;
    }

    private string PeekPath()
    {
        var at = _at;
        var path = TakePath();
        _at = at;
        return path;
    }

    /// <summary>Etc.nprocessors, os.environ.get: names with dots between, up to one that is known.</summary>
    private string TakePath()
    {
        if (Here.Kind != TokenKind.Name)
            return "";
        var path = _tokens[_at++].Text;
        while ((Here.Is(".") || Here.Is("::")) && After.Kind == TokenKind.Name && !_names.TryConstant(path, out _))
        {
            path += "." + After.Text;
            _at += 2;
        }

        return path;
    }

    private bool Take(string text)
    {
        if (!Here.Is(text))
            return false;
        _at++;
        return true;
    }

    private void Need(string text)
    {
        if (!Take(text))
            Fail();
    }

    private ConfigValue Fail()
    {
        _isFailed = true;
        return ConfigValue.Unknown;
    }
}
