using System.Text;

namespace Weir.Core.Caching;

/// <summary>Dates of HTTP (RFC 9110 section 5.6.7), as unix milliseconds.</summary>
internal static class HttpDate
{
    /// <summary>Bytes of a written date.</summary>
    public const int Length = 29;

    private const long DaysBeforeEpoch = 719_468;
    private const long DaysPerEra = 146_097;
    private const long DayMillis = 86_400_000;

    /// <summary>How far ahead a two-digit year may lie (RFC 9110 section 5.6.7).</summary>
    private const int YearsAheadMax = 50;

    private static ReadOnlySpan<byte> DayNames => "SunMonTueWedThuFriSat"u8;
    private static ReadOnlySpan<byte> MonthNames => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    /// <summary>
    /// Reads any of the three forms, and nothing else: names in any case, but one space, two digits, "GMT". A day's
    /// name need not be that of the date.
    /// </summary>
    /// <param name="now">Unix milliseconds: a two-digit year more than 50 years ahead is one of the past.</param>
    public static bool TryParse(ReadOnlySpan<byte> value, long now, out long millis)
    {
        millis = 0;
        if (value.Length < 24)
            return false;
        if (value[3] == (byte)',')
            return TryParseFixed(value, out millis);
        return value[3] == (byte)' ' ? TryParseAsctime(value, out millis) : TryParseLong(value, now, out millis);
    }

    /// <summary>"Sun, 06 Nov 1994 08:49:37 GMT".</summary>
    public static void Write(long millis, Span<byte> destination)
    {
        var days = Math.DivRem(millis, DayMillis, out var rest);
        if (rest < 0)
        {
            days--;
            rest += DayMillis;
        }

        CivilOf(days, out var year, out var month, out var day);
        var seconds = (int)(rest / 1000);
        // The epoch was a Thursday.
        var dayName = (int)(((days % 7) + 11) % 7);
        DayNames.Slice(dayName * 3, 3).CopyTo(destination);
        ", "u8.CopyTo(destination[3..]);
        PutTwo(day, destination[5..]);
        destination[7] = (byte)' ';
        MonthNames.Slice((month - 1) * 3, 3).CopyTo(destination[8..]);
        destination[11] = (byte)' ';
        PutTwo((int)(year / 100), destination[12..]);
        PutTwo((int)(year % 100), destination[14..]);
        destination[16] = (byte)' ';
        PutTwo(seconds / 3600, destination[17..]);
        destination[19] = (byte)':';
        PutTwo(seconds / 60 % 60, destination[20..]);
        destination[22] = (byte)':';
        PutTwo(seconds % 60, destination[23..]);
        " GMT"u8.CopyTo(destination[25..]);
    }

    /// <summary>"Sun, 06 Nov 1994 08:49:37 GMT": the form to send.</summary>
    private static bool TryParseFixed(ReadOnlySpan<byte> value, out long millis)
    {
        millis = 0;
        return value.Length == Length && IsDayName(value[..3]) && value[4] == ' ' && value[7] == ' '
            && value[11] == ' ' && value[16] == ' ' && IsGmt(value[25..])
            && TryTwo(value[5..], out var day) && TryMonth(value[8..], out var month)
            && TryTwo(value[12..], out var century) && TryTwo(value[14..], out var year)
            && TryMoment(century * 100 + year, month, day, value[17..], out millis);
    }

    /// <summary>"Sunday, 06-Nov-94 08:49:37 GMT" (RFC 850).</summary>
    private static bool TryParseLong(ReadOnlySpan<byte> value, long now, out long millis)
    {
        millis = 0;
        var comma = value.IndexOf((byte)',');
        if (comma < 0 || !IsLongDayName(value[..comma]))
            return false;
        var rest = value[(comma + 1)..];
        if (rest.Length != 23 || rest[0] != ' ' || rest[3] != '-' || rest[7] != '-' || rest[10] != ' '
            || !IsGmt(rest[19..]) || !TryTwo(rest[1..], out var day) || !TryMonth(rest[4..], out var month)
            || !TryTwo(rest[8..], out var year))
            return false;
        CivilOf(now / DayMillis, out var thisYear, out _, out _);
        var full = thisYear - thisYear % 100 + year;
        if (full > thisYear + YearsAheadMax)
            full -= 100;
        else if (full < thisYear + YearsAheadMax - 99)
            full += 100;
        return TryMoment((int)full, month, day, rest[11..], out millis);
    }

    /// <summary>"Sun Nov  6 08:49:37 1994" (asctime).</summary>
    private static bool TryParseAsctime(ReadOnlySpan<byte> value, out long millis)
    {
        millis = 0;
        if (value.Length != 24 || !IsDayName(value[..3]) || value[7] != ' ' || value[10] != ' ' || value[19] != ' ')
            return false;
        var day = value[8] == ' ' && value[9] is >= (byte)'1' and <= (byte)'9' ? value[9] - '0' : -1;
        if (day < 0 && !TryTwo(value[8..], out day))
            return false;
        return TryMonth(value[4..], out var month) && TryTwo(value[20..], out var century)
            && TryTwo(value[22..], out var year)
            && TryMoment(century * 100 + year, month, day, value[11..], out millis);
    }

    private static bool TryMoment(int year, int month, int day, ReadOnlySpan<byte> time, out long millis)
    {
        millis = 0;
        // 60 is a leap second.
        if (!TryTwo(time, out var hour) || hour > 23 || time[2] != ':' || !TryTwo(time[3..], out var minute)
            || minute > 59 || time[5] != ':' || !TryTwo(time[6..], out var second) || second > 60
            || day < 1 || day > DaysOf(year, month))
            return false;
        millis = DaysSinceEpoch(year, month, day) * DayMillis + (hour * 3600 + minute * 60 + second) * 1000L;
        return true;
    }

    private static bool IsDayName(ReadOnlySpan<byte> name)
    {
        for (var at = 0; at < DayNames.Length; at += 3)
        {
            if (Ascii.EqualsIgnoreCase(name, DayNames.Slice(at, 3)))
                return true;
        }

        return false;
    }

    private static bool IsLongDayName(ReadOnlySpan<byte> name) => name.Length switch
    {
        6 => Ascii.EqualsIgnoreCase(name, "Sunday"u8) || Ascii.EqualsIgnoreCase(name, "Monday"u8)
            || Ascii.EqualsIgnoreCase(name, "Friday"u8),
        7 => Ascii.EqualsIgnoreCase(name, "Tuesday"u8),
        8 => Ascii.EqualsIgnoreCase(name, "Thursday"u8) || Ascii.EqualsIgnoreCase(name, "Saturday"u8),
        9 => Ascii.EqualsIgnoreCase(name, "Wednesday"u8),
        _ => false,
    };

    private static bool IsGmt(ReadOnlySpan<byte> zone) => Ascii.EqualsIgnoreCase(zone, " GMT"u8);

    private static bool TryMonth(ReadOnlySpan<byte> text, out int month)
    {
        for (month = 1; month <= 12; month++)
        {
            if (Ascii.EqualsIgnoreCase(text[..3], MonthNames.Slice((month - 1) * 3, 3)))
                return true;
        }

        return false;
    }

    private static bool TryTwo(ReadOnlySpan<byte> text, out int number)
    {
        var (tens, ones) = (text[0] - '0', text[1] - '0');
        number = tens * 10 + ones;
        return tens is >= 0 and <= 9 && ones is >= 0 and <= 9;
    }

    private static void PutTwo(int number, Span<byte> destination)
    {
        destination[0] = (byte)('0' + number / 10);
        destination[1] = (byte)('0' + number % 10);
    }

    private static int DaysOf(int year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    // Both ways count years from March in eras of 400, so that the leap day is the last of its year.
    private static long DaysSinceEpoch(int year, int month, int day)
    {
        long shifted = month <= 2 ? year - 1 : year;
        var era = (shifted >= 0 ? shifted : shifted - 399) / 400;
        var yearOfEra = shifted - era * 400;
        var dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        return era * DaysPerEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - DaysBeforeEpoch;
    }

    private static void CivilOf(long days, out long year, out int month, out int day)
    {
        days += DaysBeforeEpoch;
        var era = (days >= 0 ? days : days - DaysPerEra + 1) / DaysPerEra;
        var dayOfEra = days - era * DaysPerEra;
        var yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        var dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        var monthFromMarch = (int)((5 * dayOfYear + 2) / 153);
        day = (int)(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1);
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    }
}
