using System.Text;
using Weir.Core.Http;

namespace Weir.Fuzz;

/// <summary>
/// What must hold of every request head that the gate accepts: it can be cut nowhere and be whole, it holds no byte
/// that
/// another parser may take for a line end, and written again from its parts it means the same.
/// </summary>
internal static class RequestHeadTarget
{
    private const int Offset = 5;

    private static readonly GateLimits Report = new() { ReportOnly = true };

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var head = new RequestHead();
        var strict = Parse(data, GateLimits.Default, head, out var fault);
        if (strict == ParseResult.Refused == (fault == GateRule.None))
            throw new InvariantException("A refusal and its rule come together.");
        if (strict == ParseResult.Complete)
        {
            CheckAccepted(data, head);
            CheckPrefixes(data, head.Length);
        }

        var reported = new RequestHead();
        var lenient = Parse(data, Report, reported, out var lenientFault);
        if (strict == ParseResult.Complete && lenient != ParseResult.Complete)
            throw new InvariantException("Report mode takes all that strict mode takes.");
        if (lenient == ParseResult.Refused && !GateRules.Of(lenientFault).IsFraming)
            throw new InvariantException($"Report mode refused {lenientFault}.");
        if (lenient == ParseResult.Complete && strict == ParseResult.Refused && reported.Reported == GateRule.None)
            throw new InvariantException("What report mode lets pass, it reports.");
    }

    private static ParseResult Parse(ReadOnlySpan<byte> data, GateLimits limits, RequestHead head, out GateRule fault)
    {
        var buffer = new byte[Offset + data.Length + 4];
        buffer.AsSpan().Fill((byte)'\n');
        data.CopyTo(buffer.AsSpan(Offset));
        return RequestParser.Parse(buffer, Offset, data.Length, limits, head, out fault);
    }

    private static void CheckAccepted(ReadOnlySpan<byte> data, RequestHead head)
    {
        var bytes = head.Bytes;
        if (!bytes.SequenceEqual(data[..head.Length]))
            throw new InvariantException("The head is the first bytes given.");
        for (var at = 0; at < bytes.Length; at++)
        {
            var isReturn = bytes[at] == '\r';
            if (bytes[at] == 0 || isReturn != (at + 1 < bytes.Length && bytes[at + 1] == '\n'))
                throw new InvariantException($"A bare CR, bare LF or NUL near byte {at}.");
        }

        if (head.Framing == BodyFraming.Chunked != (head.ContentLength == -1))
            throw new InvariantException("Chunked and only chunked has no length.");
        if (head.IsWebSocket && head.Framing != BodyFraming.None)
            throw new InvariantException("An upgrade has no body.");

        var again = new RequestHead();
        var result = Parse(Encoding.Latin1.GetBytes(Write(head)), GateLimits.Default, again, out var fault);
        // Only the limits may tell the two apart: what is written again has one space after each colon.
        if (result == ParseResult.Refused && fault == GateRule.HeadTooLarge)
            return;
        if (result != ParseResult.Complete || Meaning(head) != Meaning(again))
            throw new InvariantException($"Written again, the head is {result} {fault}.");
    }

    private static void CheckPrefixes(ReadOnlySpan<byte> data, int length)
    {
        var head = new RequestHead();
        // Every prefix of a small head; of a large one, a few around the middle and the end.
        for (var count = length - 1; count >= 0; count -= Math.Max(1, length / 64))
        {
            if (Parse(data[..count], GateLimits.Default, head, out var fault) != ParseResult.Incomplete)
                throw new InvariantException($"The first {count} bytes of a good head are not incomplete but {fault}.");
        }
    }

    private static string Write(RequestHead head)
    {
        var text = new StringBuilder();
        text.Append(Latin1(head.Method)).Append(' ').Append(Latin1(head.Target));
        text.Append(head.IsHttp10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            text.Append(Latin1(head.NameOf(field))).Append(": ").Append(Latin1(head.ValueOf(field))).Append("\r\n");
        }

        return text.Append("\r\n").ToString();
    }

    private static string Meaning(RequestHead head) =>
        $"{Write(head)}{head.Verb} {Latin1(head.Host)} {Latin1(head.Path)} {head.Framing} {head.ContentLength} " +
        $"{head.KeepAlive} {head.ExpectContinue} {head.IsWebSocket}";

    private static string Latin1(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
