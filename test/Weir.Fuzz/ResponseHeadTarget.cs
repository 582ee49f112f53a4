using System.Text;
using Weir.Core.Http;

namespace Weir.Fuzz;

/// <summary>What must hold of every response head that is taken from an app, for each kind of request.</summary>
internal static class ResponseHeadTarget
{
    private const int Offset = 3;

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var head = new ResponseHead();
        var result = Parse(data, HttpVerb.Get, head, out var fault);
        if (result == ParseResult.Refused == (fault == GateRule.None))
            throw new InvariantException("A refusal and its rule come together.");
        var forHead = Parse(data, HttpVerb.Head, new ResponseHead(), out _);
        if (result != forHead)
            throw new InvariantException("The method changes framing only.");
        if (result != ParseResult.Complete)
            return;

        foreach (var at in Enumerable.Range(0, head.Length))
        {
            var isReturn = head.Bytes[at] == '\r';
            if (head.Bytes[at] == 0 || isReturn != (at + 1 < head.Length && head.Bytes[at + 1] == '\n'))
                throw new InvariantException($"A bare CR, bare LF or NUL near byte {at}.");
        }

        if (head.Status is < 100 or > 599)
            throw new InvariantException($"Status {head.Status}.");
        if (head.Framing == BodyFraming.UntilClose && head.KeepAlive)
            throw new InvariantException("A body that ends with the connection cannot keep it.");
        if (head.Framing == BodyFraming.Length && head.ContentLength <= 0)
            throw new InvariantException("A length announces bytes.");

        var again = new ResponseHead();
        var second = Parse(Encoding.Latin1.GetBytes(Write(head)), HttpVerb.Get, again, out fault);
        if (second == ParseResult.Refused && fault == GateRule.HeadTooLarge)
            return;
        if (second != ParseResult.Complete || Meaning(head) != Meaning(again))
            throw new InvariantException($"Written again, the head is {second} {fault}.");
        CheckPrefixes(data, head.Length);
    }

    private static void CheckPrefixes(ReadOnlySpan<byte> data, int length)
    {
        var head = new ResponseHead();
        for (var count = length - 1; count >= 0; count -= Math.Max(1, length / 64))
        {
            if (Parse(data[..count], HttpVerb.Get, head, out var fault) != ParseResult.Incomplete)
                throw new InvariantException($"The first {count} bytes of a good head are not incomplete but {fault}.");
        }
    }

    private static ParseResult Parse(ReadOnlySpan<byte> data, HttpVerb verb, ResponseHead head, out GateRule fault)
    {
        var buffer = new byte[Offset + data.Length + 4];
        buffer.AsSpan().Fill((byte)'\n');
        data.CopyTo(buffer.AsSpan(Offset));
        return ResponseParser.Parse(buffer, Offset, data.Length, verb, GateLimits.Default, head, out fault);
    }

    private static string Write(ResponseHead head)
    {
        var text = new StringBuilder(head.IsHttp10 ? "HTTP/1.0 " : "HTTP/1.1 ");
        text.Append(head.Status).Append(' ').Append(Latin1(head.Reason)).Append("\r\n");
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            text.Append(Latin1(head.NameOf(field))).Append(": ").Append(Latin1(head.ValueOf(field))).Append("\r\n");
        }

        return text.Append("\r\n").ToString();
    }

    private static string Meaning(ResponseHead head) =>
        $"{Write(head)}{head.Framing} {head.ContentLength} {head.KeepAlive} {head.IsEventStream} {head.IsUnbuffered}";

    private static string Latin1(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
