using System.Globalization;

namespace Weir.Sim;

/// <summary>Durations as the command line writes them: 250us, 100ms, 10s, 5m, 2h; parts of one with a point.</summary>
internal static class Durations
{
    public static bool TryRead(string text, out double micros)
    {
        var letters = text.Length;
        while (letters > 0 && char.IsAsciiLetter(text[letters - 1]))
            letters--;
        var scale = text[letters..] switch
        {
            "us" => 1.0,
            "ms" => 1e3,
            "s" => 1e6,
            "m" => 60e6,
            "h" => 3600e6,
            _ => 0.0,
        };
        var isNumber = double.TryParse(
            text.AsSpan(0, letters), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        micros = number * scale;
        return isNumber && scale > 0 && double.IsFinite(micros) && micros < 1e15;
    }
}
