namespace Weir.Core.Http;

/// <summary>
/// Reads the head of an app's response strictly, over bytes, in one pass. What it refuses becomes a 502, and the
/// connection to the app is never used again.
/// </summary>
internal static class ResponseParser
{
    private const int VersionLength = 8;
    private const int StatusLength = 3;

    /// <summary>
    /// Parses the head that starts at <paramref name="offset"/>. Incomplete leaves <paramref name="head"/>
    /// undefined and
    /// wants the same bytes again with more behind them.
    /// </summary>
    /// <param name="requestVerb">The method that is answered: HEAD takes the body away (RFC 9112 section 6.3).</param>
    public static ParseResult Parse(
        byte[] buffer, int offset, int count, HttpVerb requestVerb, GateLimits limits, ResponseHead head,
        out GateRule fault)
    {
        head.Reset(buffer, offset);
        var data = new ReadOnlySpan<byte>(buffer, offset, Math.Min(count, limits.ResponseHeadBytesMax));
        var at = 0;
        var result = ReadStatusLine(data, head, ref at, out fault);
        if (result == ParseResult.Complete)
            result = ReadFields(data, requestVerb, head, at, out fault);
        if (result == ParseResult.Incomplete && count >= limits.ResponseHeadBytesMax)
        {
            fault = GateRule.HeadTooLarge;
            return ParseResult.Refused;
        }

        return result;
    }

    /// <summary>Version, space, three digits, then perhaps a space and a reason, CRLF (RFC 9112 section 4).</summary>
    private static ParseResult ReadStatusLine(
        ReadOnlySpan<byte> data, ResponseHead head, ref int at, out GateRule fault)
    {
        fault = FaultOfStatus(data);
        if (fault != GateRule.None)
            return ParseResult.Refused;
        var reasonStart = VersionLength + 1 + StatusLength;
        if (data.Length <= reasonStart)
            return ParseResult.Incomplete;
        head.IsHttp10 = data[VersionLength - 1] == '0';
        head.Status = (data[9] - '0') * 100 + (data[10] - '0') * 10 + (data[11] - '0');

        // The space is due even where no reason follows, but many servers leave it out.
        if (data[reasonStart] == ' ')
            reasonStart++;
        else if (data[reasonStart] != '\r' && data[reasonStart] != '\n')
            fault = GateRule.StatusLineInvalid;
        if (fault != GateRule.None)
            return ParseResult.Refused;

        var end = FieldLines.EndOfValue(data, reasonStart, ref fault);
        if (fault != GateRule.None)
            return ParseResult.Refused;
        if (end == FieldLines.NotWhole)
            return ParseResult.Incomplete;
        head.ReasonStart = reasonStart;
        head.ReasonLength = end - reasonStart;
        at = end + 2;
        return ParseResult.Complete;
    }

    /// <summary>Checks as many bytes of <c>HTTP/1.x SSS</c> as there are.</summary>
    private static GateRule FaultOfStatus(ReadOnlySpan<byte> data)
    {
        var form = "HTTP/1.0 000"u8;
        // The common answer is told by one compare and three digits.
        var index = data.StartsWith("HTTP/1.1 "u8) ? VersionLength + 1 : 0;
        for (; index < Math.Min(data.Length, form.Length); index++)
        {
            var fits = index switch
            {
                VersionLength - 1 => data[index] is (byte)'0' or (byte)'1',
                VersionLength + 1 => data[index] is >= (byte)'1' and <= (byte)'5',
                > VersionLength => char.IsAsciiDigit((char)data[index]),
                _ => data[index] == form[index],
            };
            if (!fits)
                return GateRule.StatusLineInvalid;
        }

        return GateRule.None;
    }

    private static ParseResult ReadFields(
        ReadOnlySpan<byte> data, HttpVerb requestVerb, ResponseHead head, int at, out GateRule fault)
    {
        var meaning = new ResponseMeaning();
        var first = at;
        while (true)
        {
            var start = at;
            var kind = FieldLines.Read(data, fromApp: true, ref at, out var field, out fault);
            switch (kind)
            {
                case FieldLine.End:
                    head.Length = at;
                    return meaning.Conclude(requestVerb, head, out fault) ? ParseResult.Complete : ParseResult.Refused;
                case FieldLine.Incomplete:
                    return ParseResult.Incomplete;
                case FieldLine.Refused when fault == GateRule.FoldedLine && start == first:
                    fault = GateRule.SpaceBeforeFirstField;
                    return ParseResult.Refused;
                case FieldLine.Refused:
                    return ParseResult.Refused;
            }

            if (fault != GateRule.None)
                return ParseResult.Refused;
            head.Fields.Add(field);
            if (ResponseMeaning.Concerns(field.Known))
            {
                fault = meaning.Take(field, head);
                if (fault != GateRule.None)
                    return ParseResult.Refused;
            }
        }
    }
}
