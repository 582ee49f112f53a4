using System.Globalization;

namespace Weir.Core.Processes.Configs;

/// <summary>What an expression of a configuration comes to; unknown where only a run could tell.</summary>
internal readonly record struct ConfigValue
{
    private ConfigValue(ConfigKind kind, double number, string text) => (Kind, Number, Text) = (kind, number, text);

    public ConfigKind Kind { get; }
    public double Number { get; }

    /// <summary>Empty where it is no text; never null but in an unset value.</summary>
    public string Text { get; }

    /// <summary>The variables of the environment that it came from, with one blank between.</summary>
    public string Variables { get; init; } = "";

    public bool IsKnown => Kind != ConfigKind.Unknown;
    public static ConfigValue Unknown { get; } = new(ConfigKind.Unknown, 0, "");
    public static ConfigValue None { get; } = new(ConfigKind.None, 0, "");

    public static ConfigValue Of(double number) => double.IsFinite(number)
        ? new(ConfigKind.Number, number, "")
        : Unknown;

    public static ConfigValue Of(bool flag) => new(ConfigKind.Flag, flag ? 1 : 0, "");

    public static ConfigValue OfText(string text) => text.Contains('\0', StringComparison.Ordinal)
        ? Unknown
        : new(ConfigKind.Text, 0, text);

    /// <summary>The same value, known to rest on what others rest on too.</summary>
    public ConfigValue From(ConfigValue other)
    {
        if (other.Variables.Length == 0 || Variables.Split(' ').Contains(other.Variables))
            return this;
        // What rests on a dozen variables is told as resting on the first of them.
        return Variables.Length > 200
            ? this
            : this with { Variables = Variables.Length == 0 ? other.Variables : $"{Variables} {other.Variables}" };
    }

    /// <summary>As Integer(), int() and float() read it: other text than a number is unknown.</summary>
    public ConfigValue ToNumber()
    {
        if (Kind == ConfigKind.Text)
            return (TryParse(Text.Trim(), out var number) ? Of(number) : Unknown) with { Variables = Variables };
        return Kind is ConfigKind.Number or ConfigKind.Flag ? Of(Number) with { Variables = Variables } : Unknown;
    }

    /// <summary>As Ruby's to_i: the digits that a text begins with, and 0 where it has none.</summary>
    public ConfigValue ToLeadingNumber()
    {
        if (Kind == ConfigKind.None)
            return Of(0) with { Variables = Variables };
        if (Kind != ConfigKind.Text)
            return Kind == ConfigKind.Number ? Of(Math.Truncate(Number)) with { Variables = Variables } : Unknown;
        var text = Text.TrimStart();
        var end = text.StartsWith('-') ? 1 : 0;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        var number = TryParse(text[..end], out var found) ? found : 0;
        return Of(number) with { Variables = Variables };
    }

    /// <summary>Ruby takes all but nil and false for true, Python all but what is empty or 0.</summary>
    public bool IsTrue(ConfigLanguage language) => Kind switch
    {
        ConfigKind.None => false,
        ConfigKind.Flag => Number != 0,
        ConfigKind.Number => language == ConfigLanguage.Ruby || Number != 0,
        _ => language == ConfigLanguage.Ruby || Text.Length > 0,
    };

    /// <summary>A count as a setting takes it: a number, or text that is one; 0 to a million.</summary>
    public bool TryWhole(out int whole)
    {
        var number = ToNumber();
        var isWhole = number is { Kind: ConfigKind.Number, Number: >= 0 and <= 1_000_000 };
        whole = isWhole ? (int)number.Number : 0;
        return isWhole;
    }

    private static bool TryParse(string text, out double number) => double.TryParse(
        text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
}

/// <summary>What a value of a configuration is.</summary>
internal enum ConfigKind
{
    Unknown,
    None,
    Number,
    Text,
    Flag,
}
