using System.Buffers;
using System.Globalization;

namespace Weir.Config;

/// <summary>Reads a value in its notation. Says what is wrong and how it is written; never throws.</summary>
internal static class SettingText
{
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789.");

    private static readonly (string Unit, long Micros)[] Times =
    [
        ("us", 1), ("ms", 1_000), ("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000), ("d", 86_400_000_000),
    ];

    private static readonly (string Unit, long Bytes)[] Sizes =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("kB", 1_000), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000),
        ("K", 1L << 10), ("M", 1L << 20), ("G", 1L << 30), ("B", 1),
    ];

    /// <summary>The value, or null and what is wrong.</summary>
    public static SettingValue? Read(Setting setting, RawSetting raw, out string problem)
    {
        problem = "";
        if (setting.Kind == SettingKind.List)
            return ReadList(setting, raw, out problem);
        if (raw.Items is not null)
        {
            problem = "takes one value, not a list";
            return null;
        }
        var text = raw.Text.Trim();
        if (setting.Zero.Length > 0 && text == setting.Zero)
            return new SettingValue(0);
        return setting.Kind switch
        {
            SettingKind.Switch => ReadSwitch(text, out problem),
            SettingKind.Choice => ReadChoice(setting, text, out problem),
            SettingKind.Text => ReadText(setting, text, out problem),
            SettingKind.Share => ReadShare(text, out problem),
            _ => ReadNumber(setting, text, out problem),
        };
    }

    /// <summary>A number of microseconds or bytes in the notation it would be written in.</summary>
    public static string Write(SettingKind kind, long number) => kind switch
    {
        SettingKind.Duration => WriteUnit(number, Times, "us"),
        SettingKind.Size => WriteUnit(number, Sizes[..4], ""),
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    private static SettingValue? ReadNumber(Setting setting, string text, out string problem)
    {
        problem = "";
        long number;
        var read = setting.Kind switch
        {
            SettingKind.Duration => TryUnits(text, Times, bareUnit: 0, out number),
            SettingKind.Size => TryUnits(text, Sizes, bareUnit: 1, out number),
            _ => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number),
        };
        if (!read)
        {
            problem = $"'{text}' is not {Notation(setting)}";
            return null;
        }
        if ((number != 0 || setting.Zero.Length == 0) && (number < setting.Min || number > setting.Max))
        {
            problem = $"'{text}' is out of range: {Range(setting)}";
            return null;
        }
        return new SettingValue(number);
    }

    private static string Notation(Setting setting) => setting.Kind switch
    {
        SettingKind.Duration => "a duration; write it like 250ms, 10s, 5m or 1h",
        SettingKind.Size => "a size; write it like 512, 64KiB or 1GiB",
        _ => "a whole number",
    } + (setting.Zero.Length > 0 ? $", or {setting.Zero}" : "");

    /// <summary>"1ms to 1h", "at least 1", with the word for zero.</summary>
    public static string Range(Setting setting)
    {
        var least = Write(setting.Kind, setting.Min);
        var range = setting.Max == long.MaxValue ? $"at least {least}"
            : $"{least} to {Write(setting.Kind, setting.Max)}";
        return setting.Zero.Length > 0 ? $"{range}, or {setting.Zero}" : range;
    }

    /// <summary>One number with a unit, or several in a row ("1m30s"); "0" needs no unit.</summary>
    private static bool TryUnits(string text, (string Unit, long Scale)[] units, long bareUnit, out long number)
    {
        number = 0;
        if (text == "0")
            return true;
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept(s_digits);
            digits = digits < 0 ? rest.Length : digits;
            const NumberStyles style = NumberStyles.AllowDecimalPoint;
            if (!decimal.TryParse(rest[..digits], style, CultureInfo.InvariantCulture, out var amount))
                return false;
            rest = rest[digits..].TrimStart();
            var letters = rest.IndexOfAny(s_digits);
            letters = letters < 0 ? rest.Length : letters;
            var scale = Scale(rest[..letters].TrimEnd(), units, bareUnit);
            rest = rest[letters..];
            if (scale == 0 || amount > long.MaxValue / 2 / scale)
                return false;
            var sum = number + (amount * scale);
            if (sum > long.MaxValue / 2)
                return false;
            number = (long)sum;
        }
        return text.Length > 0;
    }

    private static long Scale(ReadOnlySpan<char> unit, (string Unit, long Scale)[] units, long bareUnit)
    {
        if (unit.Length == 0)
            return bareUnit;
        foreach (var (name, scale) in units)
        {
            if (unit.SequenceEqual(name))
                return scale;
        }
        return 0;
    }

    private static string WriteUnit(long number, (string Unit, long Scale)[] units, string smallest)
    {
        for (var i = units.Length - 1; i >= 0; i--)
        {
            if (number >= units[i].Scale && number % units[i].Scale == 0)
                return (number / units[i].Scale).ToString(CultureInfo.InvariantCulture) + units[i].Unit;
        }
        return number == 0 ? "0" : number.ToString(CultureInfo.InvariantCulture) + smallest;
    }

    private static SettingValue? ReadSwitch(string text, out string problem)
    {
        problem = "";
        switch (text.ToLowerInvariant())
        {
            case "on" or "true" or "yes" or "1":
                return new SettingValue(1);
            case "off" or "false" or "no" or "0":
                return new SettingValue(0);
            default:
                problem = $"'{text}' is neither on nor off";
                return null;
        }
    }

    private static SettingValue? ReadChoice(Setting setting, string text, out string problem)
    {
        problem = "";
        for (var i = 0; i < setting.Choices.Count; i++)
        {
            if (setting.Choices[i] == text)
                return new SettingValue(i);
        }
        problem = $"'{text}' is not one of {string.Join(", ", setting.Choices)}";
        return null;
    }

    private static SettingValue? ReadText(Setting setting, string text, out string problem)
    {
        problem = "";
        if (setting.Check is null)
            return new SettingValue(0, 0, text, []);
        (var usual, problem) = setting.Check(text);
        return usual is null ? null : new SettingValue(0, 0, usual, []);
    }

    private static SettingValue? ReadShare(string text, out string problem)
    {
        var percent = text.EndsWith('%');
        var digits = percent ? text[..^1] : text;
        var read = double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share);
        share = percent ? share / 100 : share;
        problem = read && share is >= 0 and <= 1 ? "" : $"'{text}' is not a share; write it like 0.2 or 20%";
        return problem.Length == 0 ? new SettingValue(0, share, "", []) : null;
    }

    private static SettingValue? ReadList(Setting setting, RawSetting raw, out string problem)
    {
        problem = "";
        if (raw.Items is null && (raw.Text.Trim().Length == 0 || raw.Text == setting.Zero))
            return new SettingValue(0, 0, "", []);
        var options = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        var items = new List<string>();
        foreach (var item in raw.Items ?? raw.Text.Split(',', options))
        {
            (var usual, var wrong) = setting.Check is null ? (item, "") : setting.Check(item);
            if (usual is null)
                problem = problem.Length == 0 ? wrong : $"{problem}; {wrong}";
            else
                items.Add(usual);
        }
        return problem.Length == 0 ? new SettingValue(0, 0, "", items) : null;
    }
}
