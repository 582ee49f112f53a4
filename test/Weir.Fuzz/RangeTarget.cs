using Weir.Core.Caching;

namespace Weir.Fuzz;

/// <summary>
/// Two lines: a Range, which lies in its body or is none, and a date, which written again and read is the same moment.
/// </summary>
internal static class RangeTarget
{
    private const byte Between = (byte)'\n';
    private const long Now = 1_795_341_600_000;
    private const long Year = 366L * 86_400_000;

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var cut = data.IndexOf(Between);
        var range = cut < 0 ? data : data[..cut];
        FuzzRange(range, 0);
        FuzzRange(range, 1);
        FuzzRange(range, 10);
        FuzzRange(range, long.MaxValue / 100);
        FuzzDate(cut < 0 ? data : data[(cut + 1)..]);
        // What is no date is no tag that hurts either.
        EntityTags.ListTakes(data, range);
        if (EntityTags.IsTag(range) && range.Count((byte)'"') == 2 && !EntityTags.ListTakes(range, range))
            throw new InvariantException("A tag is not itself.");
    }

    private static void FuzzRange(ReadOnlySpan<byte> value, long bodyBytes)
    {
        switch (ByteRanges.Read(value, bodyBytes, out var range))
        {
            case RangeKind.Single when range.First < 0 || range.Last < range.First || range.Last >= bodyBytes:
                throw new InvariantException($"{range} does not lie in {bodyBytes} bytes.");
            case RangeKind.Single:
                var again = System.Text.Encoding.ASCII.GetBytes($"bytes={range.First}-{range.Last}");
                if (ByteRanges.Read(again, bodyBytes, out var same) != RangeKind.Single || same != range)
                    throw new InvariantException("Written again, it is another range.");
                break;
        }
    }

    private static void FuzzDate(ReadOnlySpan<byte> value)
    {
        if (!HttpDate.TryParse(value, Now, out var millis))
            return;
        if (millis % 1000 != 0)
            throw new InvariantException("Dates have no parts of seconds.");
        var isShort = value.Contains((byte)'-');
        if (isShort && (millis < Now - 51 * Year || millis > Now + 51 * Year))
            throw new InvariantException("Two digits of a year reach too far.");
        var written = new byte[HttpDate.Length];
        HttpDate.Write(millis, written);
        var isSame = HttpDate.TryParse(written, Now, out var again) && again == millis;
        // The last second of the last year may be a leap second, and then there is no such year.
        if (!isSame && millis < 253_402_300_800_000)
            throw new InvariantException("Written again, it is another moment.");
    }
}
