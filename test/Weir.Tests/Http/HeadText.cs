using System.Text;
using Weir.Core.Http;

namespace Weir.Tests.Http;

/// <summary>Parses heads written as text (one char a byte), always from the middle of a larger, dirty buffer.</summary>
internal static class HeadText
{
    private const int Offset = 14;

    public static readonly GateLimits Report = new() { ReportOnly = true };

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    public static ParseResult Request(
        string text, RequestHead head, out GateRule fault, GateLimits? limits = null, int? count = null)
    {
        var buffer = Surround(text);
        return RequestParser.Parse(buffer, Offset, count ?? text.Length, limits ?? GateLimits.Default, head, out fault);
    }

    public static ParseResult Response(
        string text, ResponseHead head, out GateRule fault, HttpVerb verb = HttpVerb.Get, GateLimits? limits = null,
        int? count = null)
    {
        var buffer = Surround(text);
        return ResponseParser.Parse(
            buffer, Offset, count ?? text.Length, verb, limits ?? GateLimits.Default, head, out fault);
    }

    public static RequestHead Accepted(string text, GateLimits? limits = null)
    {
        var head = new RequestHead();
        var result = Request(text, head, out var fault, limits);
        Assert.Equal((ParseResult.Complete, GateRule.None), (result, fault));
        return head;
    }

    public static ResponseHead AcceptedResponse(string text, HttpVerb verb = HttpVerb.Get)
    {
        var head = new ResponseHead();
        var result = Response(text, head, out var fault, verb);
        Assert.Equal((ParseResult.Complete, GateRule.None), (result, fault));
        return head;
    }

    /// <summary>What lies before and behind would end or complete a head if the parser looked there.</summary>
    private static byte[] Surround(string text) => Bytes("GET / HTTP/\r\n" + "\n" + text + "\r\n\r\nHost: x\r\n\r\n");
}
