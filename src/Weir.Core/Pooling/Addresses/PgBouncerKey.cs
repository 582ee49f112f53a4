using System.Globalization;

namespace Weir.Core.Pooling.Addresses;

/// <summary>One setting of [pgbouncer].</summary>
/// <param name="Default">Null where there is none: SHOW CONFIG shows it empty.</param>
/// <param name="IsChangeable">By RELOAD or SET, while it runs.</param>
internal sealed record PgBouncerKey(string Name, string? Default, bool IsChangeable, PgBouncerKeyKind Kind)
{
    /// <summary>Of a Choice.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    public bool Takes(string value) => Kind switch
    {
        PgBouncerKeyKind.Whole => TryReadWhole(value, out _),
        PgBouncerKeyKind.Seconds => TryReadSeconds(value, out _),
        PgBouncerKeyKind.Choice => Choices.Contains(value, StringComparer.OrdinalIgnoreCase),
        _ => true,
    };

    public static bool TryReadWhole(string value, out long number)
    {
        var digits = value.AsSpan();
        var isNegative = digits.StartsWith("-");
        if (isNegative || digits.StartsWith("+"))
            digits = digits[1..];
        bool isRead;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            isRead = long.TryParse(
                digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number) && number >= 0;
        else if (digits.Length > 1 && digits[0] == '0')
            isRead = TryReadOctal(digits, out number);
        else
            isRead = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        number = isNegative ? -number : number;
        // PgBouncer keeps them in 32 bits; max_packet_size alone is unsigned.
        return isRead && number is >= int.MinValue and <= uint.MaxValue;
    }

    public static bool TryReadSeconds(string value, out double seconds) =>
        double.TryParse(
            value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent | NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture, out seconds)
        && double.IsFinite(seconds) && seconds >= 0;

    private static bool TryReadOctal(ReadOnlySpan<char> digits, out long number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (digit is < '0' or > '7' || number > uint.MaxValue)
                return false;
            number = number * 8 + (digit - '0');
        }

        return true;
    }
}
