namespace Weir.Core.Processes.Configs;

/// <summary>The functions and methods that configurations count with.</summary>
internal static class ConfigCalls
{
    /// <param name="path">"os.environ.get", "Integer", "max".</param>
    public static ConfigValue Call(string path, IReadOnlyList<ConfigValue> arguments, ConfigNames names)
    {
        if (ConfigNames.IsLookup(path))
            return Lookup(path, arguments, names);
        if (names.Count(path) is { IsKnown: true } count)
            return count;
        if (arguments.Count == 0)
            return ConfigValue.Unknown;
        var first = arguments[0];
        return path switch
        {
            // int() and Integer() cut off what stands behind the point of a number, and refuse it in a text.
            "int" or "Integer" => first.Kind == ConfigKind.Text && first.Text.Contains('.', StringComparison.Ordinal)
                ? ConfigValue.Unknown
                : Round(Math.Truncate, first.ToNumber()),
            "float" or "Float" => first.ToNumber(),
            "str" or "String" => first,
            "len" => first.Kind == ConfigKind.Number ? first : ConfigValue.Unknown,
            "bool" => first.IsKnown ? ConfigValue.Of(first.IsTrue(names.Language)).From(first) : first,
            "round" => Round(Math.Round, first),
            "math.ceil" or "ceil" => Round(Math.Ceiling, first),
            "math.floor" or "floor" => Round(Math.Floor, first),
            "max" or "min" when arguments.Count > 1 => Extreme(path, arguments),
            _ => ConfigValue.Unknown,
        };
    }

    /// <summary>What a method makes of a value.</summary>
    public static ConfigValue Method(
        string name, ConfigValue value, IReadOnlyList<ConfigValue> arguments, ConfigLanguage language)
    {
        if (!value.IsKnown)
            return value;
        return name switch
        {
            "to_i" => value.ToLeadingNumber(),
            "to_f" => value.Kind == ConfigKind.None ? ConfigValue.Of(0) : value.ToNumber(),
            "to_s" or "freeze" or "dup" => value,
            "strip" => value.Kind == ConfigKind.Text
                ? ConfigValue.OfText(value.Text.Trim()).From(value)
                : ConfigValue.Unknown,
            "ceil" => Round(Math.Ceiling, value),
            "floor" or "truncate" => Round(Math.Floor, value),
            "round" => Round(number => Math.Round(number, MidpointRounding.AwayFromZero), value),
            "abs" => Round(Math.Abs, value),
            "clamp" when arguments.Count == 2 =>
                Extreme("min", [Extreme("max", [value, arguments[0]]), arguments[1]]),
            "nil?" => ConfigValue.Of(value.Kind == ConfigKind.None).From(value),
            "zero?" => Test(value, number => number == 0),
            "positive?" => Test(value, number => number > 0),
            "empty?" => ConfigValue.Of(value.Text.Length == 0).From(value),
            "blank?" => ConfigValue.Of(IsBlank(value)).From(value),
            "present?" => ConfigValue.Of(!IsBlank(value)).From(value),
            "presence" => IsBlank(value) ? ConfigValue.None : value,
            "isdigit" when language == ConfigLanguage.Python =>
                ConfigValue.Of(value.Text.Length > 0 && value.Text.All(char.IsAsciiDigit)).From(value),
            _ => ConfigValue.Unknown,
        };
    }

    /// <param name="name">max or min.</param>
    public static ConfigValue Extreme(string name, IReadOnlyList<ConfigValue> values)
    {
        if (values.Count == 0 || values.Any(value => value.Kind != ConfigKind.Number))
            return ConfigValue.Unknown;
        var result = values[0];
        foreach (var value in values.Skip(1))
        {
            var isFurther = name == "max" ? value.Number > result.Number : value.Number < result.Number;
            result = isFurther ? value.From(result) : result.From(value);
        }

        return result;
    }

    private static ConfigValue Lookup(string path, IReadOnlyList<ConfigValue> arguments, ConfigNames names)
    {
        if (arguments.Count == 0 || arguments[0].Kind != ConfigKind.Text)
            return ConfigValue.Unknown;
        var name = arguments[0].Text;
        if (path.EndsWith('?'))
            return ConfigValue.Of(names.IsSet(name));
        var value = names.Environment(name);
        if (value.Kind != ConfigKind.None)
            return value;
        if (arguments.Count > 1)
            return arguments[1];
        // ENV.fetch without a default stops the server.
        return path == "ENV.fetch" ? ConfigValue.Unknown : ConfigValue.None;
    }

    private static ConfigValue Round(Func<double, double> how, ConfigValue value) =>
        value.Kind == ConfigKind.Number ? ConfigValue.Of(how(value.Number)).From(value) : ConfigValue.Unknown;

    private static ConfigValue Test(ConfigValue value, Func<double, bool> test) =>
        value.Kind == ConfigKind.Number ? ConfigValue.Of(test(value.Number)).From(value) : ConfigValue.Unknown;

    private static bool IsBlank(ConfigValue value) => value.Kind switch
    {
        ConfigKind.None => true,
        ConfigKind.Text => value.Text.AsSpan().Trim().Length == 0,
        ConfigKind.Flag => value.Number == 0,
        _ => false,
    };
}
