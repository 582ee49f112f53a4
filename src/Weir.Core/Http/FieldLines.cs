using System.Runtime.CompilerServices;

namespace Weir.Core.Http;

/// <summary>
/// Reads field lines (RFC 9112 section 5), the same way for requests, responses and trailers. One search finds the
/// colon, one search proves the value and finds its end.
/// </summary>
internal static class FieldLines
{
    /// <summary>Longest name that is compared with the known ones when it holds underscores.</summary>
    private const int UnderscoreNameMax = 32;

    /// <summary>Says of a value that its end has not come.</summary>
    public const int NotWhole = -1;

    /// <summary>Says of a value that no good end can come.</summary>
    public const int Broken = -2;

    /// <summary>
    /// Reads the line at <paramref name="at"/>; on Field and End moves <paramref name="at"/> behind it. Offsets in
    /// <paramref name="field"/> count from the start of <paramref name="data"/>.
    /// </summary>
    /// <param name="fromApp">True strips white space before the colon, as responses ask (RFC 9112 section 5.1).</param>
    /// <param name="fault">With Field: a fault that report mode may let pass. With Refused: the fault.</param>
    public static FieldLine Read(
        ReadOnlySpan<byte> data, bool fromApp, ref int at, out Field field, out GateRule fault)
    {
        fault = GateRule.None;
        field = default;
        var line = data[at..];
        if (line.IsEmpty)
            return FieldLine.Incomplete;
        if (line[0] <= ' ')
            return ReadWithoutName(line, ref at, out fault);

        var nameLength = FieldScan.IndexOfColon(line);
        if (nameLength < 0)
            return WithoutColon(line, fromApp, out fault);
        var valueStart = nameLength + 1;
        var known = KnownFields.Of(line[..nameLength]);
        if (NeedsProof(known) && !IsPlain(line[..nameLength], fromApp, ref nameLength, ref known, out fault))
            return FieldLine.Refused;

        while (valueStart < line.Length && line[valueStart] is (byte)' ' or (byte)'\t')
            valueStart++;
        var end = EndOfValue(line, valueStart, ref fault);
        if (end == NotWhole)
        {
            fault = GateRule.None;
            return FieldLine.Incomplete;
        }

        if (end == Broken)
            return FieldLine.Refused;
        var valueEnd = end;
        while (valueEnd > valueStart && line[valueEnd - 1] is (byte)' ' or (byte)'\t')
            valueEnd--;

        field = new Field(at, nameLength, at + valueStart, valueEnd - valueStart, known);
        at += end + 2;
        return FieldLine.Field;
    }

    /// <summary>
    /// The offset of the CR that ends the value; <see cref="NotWhole"/> if it has not come; <see cref="Broken"/> with
    /// <paramref name="fault"/> if the line cannot end well.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EndOfValue(ReadOnlySpan<byte> line, int start, ref GateRule fault)
    {
        var end = FieldScan.IndexOfValueStop(line, start);
        if (end < 0)
            return NotWhole;
        return end + 1 < line.Length && line[end] == '\r' && line[end + 1] == '\n'
            ? end
            : EndOfOddValue(line, end, ref fault);
    }

    private static int EndOfOddValue(ReadOnlySpan<byte> line, int end, ref GateRule fault)
    {
        while (true)
        {
            switch (line[end])
            {
                case (byte)'\r' when end + 1 == line.Length:
                    return NotWhole;
                case (byte)'\r' when line[end + 1] == '\n':
                    return end;
                case (byte)'\r':
                    fault = GateRule.BareCarriageReturn;
                    return Broken;
                case (byte)'\n':
                    fault = GateRule.BareLineFeed;
                    return Broken;
                case 0:
                    fault = GateRule.NulByte;
                    return Broken;
                default:
                    if (fault == GateRule.None)
                        fault = GateRule.ControlByteInValue;
                    break;
            }

            var stop = line[(end + 1)..].IndexOfAny(ByteSets.ValueStop);
            if (stop < 0)
                return NotWhole;
            end += 1 + stop;
        }
    }

    /// <summary>A line that begins with a control byte or a space: the end of the section, or a fault.</summary>
    private static FieldLine ReadWithoutName(ReadOnlySpan<byte> line, ref int at, out GateRule fault)
    {
        fault = GateRule.None;
        switch (line[0])
        {
            case (byte)'\r' when line.Length == 1:
                return FieldLine.Incomplete;
            case (byte)'\r' when line[1] == '\n':
                at += 2;
                return FieldLine.End;
            case (byte)'\r':
                fault = GateRule.BareCarriageReturn;
                break;
            case (byte)'\n':
                fault = GateRule.BareLineFeed;
                break;
            case 0:
                fault = GateRule.NulByte;
                break;
            case (byte)' ' or (byte)'\t':
                fault = GateRule.FoldedLine;
                break;
            default:
                fault = GateRule.FieldNameInvalid;
                break;
        }

        return FieldLine.Refused;
    }

    /// <summary>
    /// A name found in the table is a token by that; a name outside it, or of a family, has yet to prove it.
    /// </summary>
    private static bool NeedsProof(KnownField known) =>
        known is KnownField.Other or KnownField.XForwardedOther or KnownField.XAccel or KnownField.Weir;

    private static bool IsPlain(
        ReadOnlySpan<byte> name, bool fromApp, ref int nameLength, ref KnownField known, out GateRule fault)
    {
        fault = GateRule.None;
        if (!name.IsEmpty && name.IndexOfAnyExcept(ByteSets.PlainName) < 0)
            return true;

        if (fromApp && !name.IsEmpty && name[^1] is (byte)' ' or (byte)'\t')
        {
            name = name.TrimEnd(" \t"u8);
            nameLength = name.Length;
            known = KnownFields.Of(name);
            if (!name.IsEmpty && !NeedsProof(known))
                return true;
        }

        if (name.IsEmpty || name.IndexOfAnyExcept(ByteSets.Token) >= 0)
        {
            fault = FaultOfName(name);
            return false;
        }

        // An app's own names are its own business; a client's may be meant to pass for others behind a CGI mapping.
        if (!fromApp && name.Contains((byte)'_'))
        {
            known = KnownField.Underscore;
            fault = FaultOfUnderscore(name);
        }

        return true;
    }

    /// <summary>The line has no colon yet: can it still become a field?</summary>
    private static FieldLine WithoutColon(ReadOnlySpan<byte> line, bool fromApp, out GateRule fault)
    {
        fault = GateRule.None;
        var odd = line.IndexOfAnyExcept(ByteSets.Token);
        if (odd < 0)
            return FieldLine.Incomplete;
        if (line[odd] == '\r' && odd + 1 == line.Length)
            return FieldLine.Incomplete;
        if (fromApp && line[odd..].IndexOfAnyExcept((byte)' ', (byte)'\t') < 0)
            return FieldLine.Incomplete;
        fault = FaultOfName(line);
        return FieldLine.Refused;
    }

    /// <summary>Names the first thing wrong with a name that is not a token.</summary>
    private static GateRule FaultOfName(ReadOnlySpan<byte> name)
    {
        var odd = name.IndexOfAnyExcept(ByteSets.Token);
        if (odd < 0)
            return GateRule.FieldNameInvalid;
        switch (name[odd])
        {
            case (byte)'\r':
                return odd + 1 < name.Length && name[odd + 1] == '\n'
                    ? GateRule.ColonMissing
                    : GateRule.BareCarriageReturn;
            case (byte)'\n':
                return GateRule.BareLineFeed;
            case 0:
                return GateRule.NulByte;
            case (byte)' ' or (byte)'\t':
                return name[odd..].IndexOfAnyExcept((byte)' ', (byte)'\t') < 0
                    ? GateRule.SpaceBeforeColon
                    : GateRule.FieldNameInvalid;
            default:
                return GateRule.FieldNameInvalid;
        }
    }

    private static GateRule FaultOfUnderscore(ReadOnlySpan<byte> name)
    {
        if (name.Length > UnderscoreNameMax)
            name = name[..UnderscoreNameMax];
        Span<byte> twin = stackalloc byte[UnderscoreNameMax];
        name.Replace(twin, (byte)'_', (byte)'-');
        var known = KnownFields.Of(twin[..name.Length]);
        if (known is KnownField.ContentLength or KnownField.TransferEncoding)
            return GateRule.UnderscoreFraming;
        return TrustedFields.Contains(known) ? GateRule.UnderscoreTrust : GateRule.None;
    }
}
