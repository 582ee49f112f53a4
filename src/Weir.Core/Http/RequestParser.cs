namespace Weir.Core.Http;

/// <summary>
/// Reads a request head strictly, over bytes, in one pass: the request line (RequestLine), each field line once
/// (FieldLines), the meaning of the few fields that matter here (RequestMeaning). Nothing is allocated.
/// </summary>
internal static class RequestParser
{
    /// <summary>
    /// Parses the head that starts at <paramref name="offset"/>. Incomplete leaves <paramref name="head"/>
    /// undefined and
    /// wants the same bytes again with more behind them. A fault is told as soon as the bytes that prove it are there.
    /// </summary>
    public static ParseResult Parse(
        byte[] buffer, int offset, int count, GateLimits limits, RequestHead head, out GateRule fault)
    {
        head.Reset(buffer, offset);
        var data = new ReadOnlySpan<byte>(buffer, offset, Math.Min(count, limits.HeadBytesMax));
        var at = 0;
        var result = RequestLine.Read(data, limits, head, ref at, out fault);
        if (result == ParseResult.Complete)
            result = ReadFields(data, limits, head, at, out fault);
        if (result == ParseResult.Incomplete && count >= limits.HeadBytesMax)
        {
            fault = GateRule.HeadTooLarge;
            return ParseResult.Refused;
        }

        return result;
    }

    private static ParseResult ReadFields(
        ReadOnlySpan<byte> data, GateLimits limits, RequestHead head, int at, out GateRule fault)
    {
        var meaning = new RequestMeaning();
        var first = at;
        var fields = head.Fields;
        while (true)
        {
            var start = at;
            var kind = FieldLines.Read(data, fromApp: false, ref at, out var field, out fault);
            if (kind != FieldLine.Field)
            {
                if (kind == FieldLine.End)
                {
                    head.Length = at;
                    return meaning.Conclude(limits, head, out fault) ? ParseResult.Complete : ParseResult.Refused;
                }

                if (kind == FieldLine.Incomplete)
                    return ParseResult.Incomplete;
                if (fault == GateRule.FoldedLine && start == first)
                    fault = GateRule.SpaceBeforeFirstField;
                return ParseResult.Refused;
            }

            // What a broken byte does to framing is told before the byte itself.
            var odd = fault;
            if (RequestMeaning.Concerns(field.Known) && !meaning.Take(field, limits, head, out fault))
                return ParseResult.Refused;
            if (fields.Count >= limits.FieldsMax)
                odd = GateRule.FieldsTooMany;
            if (odd != GateRule.None && !GateRules.LetsPass(odd, limits, head))
            {
                fault = odd;
                return ParseResult.Refused;
            }

            fields.Add(field);
        }
    }
}
