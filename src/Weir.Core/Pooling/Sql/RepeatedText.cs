using Weir.Core.Pooling.Catalogue;

namespace Weir.Core.Pooling.Sql;

// Goal: a loop of an app's (for each row of one query another: "… WHERE id = 17", "… WHERE id = 18") has its text
// read once. A text of 55 bytes takes a few hundred nanoseconds to read again and again, and some two microseconds
// where nothing else keeps the reader's tables in the processor's cache.
// Trade-off: the text before is compared with; where texts do not repeat, that and a copy are in vain (some ten
// nanoseconds).
// Why it is safe: no rule of the reader looks into a number. A text that differs only within one number of the other's
// has the same tokens, so the same reading. What is a number the lexer says, not the digits: they may stand in a
// literal, a name or a comment, and then the text is read. Kept are only texts that touch nothing and hold no
// backslash, with which a text may have two readings.

/// <summary>Reads one client's texts, one after the other. Not for several threads at once.</summary>
public sealed class RepeatedText
{
    /// <summary>Of a text that is kept: most are shorter, and ten thousand idle clients keep one each.</summary>
    private const int BytesMax = 512;

    private byte[] _text = [];
    private int _count;
    private CatalogueFacts? _facts;
    private SqlReading? _reading;

    /// <summary>The number in which texts have differed so far, in the kept text; both 0: none yet.</summary>
    private int _numberStart;
    private int _numberEnd;

    /// <summary>As <see cref="SqlReader.Read"/>.</summary>
    public SqlReading Read(ReadOnlySpan<byte> text, CatalogueFacts facts)
    {
        if (_reading is { } known && ReferenceEquals(_facts, facts) && IsSame(text))
            return known;
        var reading = SqlReader.Read(text, facts);
        Keep(text, facts, reading);
        return reading;
    }

    /// <summary>But for the digits of one number.</summary>
    private bool IsSame(ReadOnlySpan<byte> text)
    {
        var kept = _text.AsSpan(0, _count);
        var same = kept.CommonPrefixLength(text);
        if (same == kept.Length && same == text.Length)
            return true;
        var start = same;
        while (start > 0 && IsDigit(kept[start - 1]))
            start--;
        var (end, otherEnd) = (EndOfDigits(kept, same), EndOfDigits(text, same));
        return end > start && otherEnd > start && kept[end..].SequenceEqual(text[otherEnd..])
            && IsInNumber(start, end);
    }

    private static int EndOfDigits(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && IsDigit(text[at]))
            at++;
        return at;
    }

    private static bool IsDigit(byte b) => (uint)(b - '0') <= 9;

    /// <summary>Looked for once, while it is the same number.</summary>
    private bool IsInNumber(int start, int end)
    {
        if (start >= _numberStart && end <= _numberEnd)
            return true;
        var lexer = new SqlLexer(_text.AsSpan(0, _count), backslashEscapes: false);
        for (var token = lexer.Next(); token != SqlToken.End && lexer.Start <= start; token = lexer.Next())
        {
            if (token != SqlToken.Number || lexer.End < end)
                continue;
            (_numberStart, _numberEnd) = (lexer.Start, lexer.End);
            return true;
        }

        return false;
    }

    private void Keep(ReadOnlySpan<byte> text, CatalogueFacts facts, SqlReading reading)
    {
        _reading = null;
        if (text.Length > BytesMax || reading.Touch != Touch.None || reading.CopiesIn || text.Contains((byte)'\\'))
            return;
        if (_text.Length < text.Length)
            _text = new byte[Math.Min(BytesMax, (text.Length + 63) / 64 * 64)];
        text.CopyTo(_text);
        (_count, _facts, _reading) = (text.Length, facts, reading);
        (_numberStart, _numberEnd) = (0, 0);
    }
}
