using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>One element of a list with weights, "gzip;q=0.5" (RFC 9110 section 12.4.2).</summary>
internal static class WeightedItem
{
    public const int QualityMax = 1000;

    /// <summary>Thousandths; 1000 where there is no weight, or none that can be read.</summary>
    /// <param name="item">What is weighed, without its parameters.</param>
    public static int Read(ReadOnlySpan<byte> element, out ReadOnlySpan<byte> item)
    {
        var semicolon = element.IndexOf((byte)';');
        if (semicolon < 0)
        {
            item = element;
            return QualityMax;
        }

        item = element[..semicolon].TrimEnd(" \t"u8);
        while (semicolon >= 0)
        {
            element = element[(semicolon + 1)..];
            semicolon = element.IndexOf((byte)';');
            var parameter = (semicolon < 0 ? element : element[..semicolon]).Trim(" \t"u8);
            if (parameter.Length > 2 && Tokens.Equal(parameter[..2], "q="u8))
                return QualityOf(parameter[2..]);
        }

        return QualityMax;
    }

    private static int QualityOf(ReadOnlySpan<byte> text)
    {
        if (text[0] is not ((byte)'0' or (byte)'1') || text.Length > 5 || (text.Length > 1 && text[1] != '.'))
            return QualityMax;
        var quality = (text[0] - '0') * QualityMax;
        var unit = QualityMax / 10;
        for (var at = 2; at < text.Length; at++, unit /= 10)
        {
            if (text[at] is < (byte)'0' or > (byte)'9')
                return QualityMax;
            quality += (text[at] - '0') * unit;
        }

        return Math.Min(QualityMax, quality);
    }
}
