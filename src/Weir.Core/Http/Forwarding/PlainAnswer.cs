using System.Text;

namespace Weir.Core.Http.Forwarding;

/// <summary>
/// An answer of Weir's own, prebuilt: a status, a code (X-Weir-Code), and one sentence that says what happened and what
/// to do. Made once at start for each code; written without allocation.
/// </summary>
internal sealed class PlainAnswer
{
    private const int AddedBytesMax = 160;

    private readonly byte[] _head;
    private readonly byte[] _body;

    /// <param name="status">200 to 599.</param>
    /// <param name="code">"H12" and the like; empty writes no X-Weir-Code.</param>
    /// <param name="sentence">The body; empty for none. ASCII.</param>
    /// <param name="fields">Further field lines, each with its CRLF ("Allow: GET, HEAD\r\n"); usually empty.</param>
    public PlainAnswer(int status, string reason, string code, string sentence, string fields = "")
    {
        Status = status;
        _body = sentence.Length == 0 ? [] : Encoding.ASCII.GetBytes(sentence + "\n");
        var head = new StringBuilder($"HTTP/1.1 {status} {reason}\r\n");
        if (_body.Length > 0)
            head.Append("Content-Type: text/plain; charset=utf-8\r\n");
        // RFC 9110 section 8.6 forbids a length on 204; 304 has none since there is nothing whose length it would be.
        if (status is not (204 or 304))
            head.Append($"Content-Length: {_body.Length}\r\n");
        if (status >= 400)
            head.Append("Cache-Control: no-store\r\n");
        if (code.Length > 0)
            head.Append($"X-Weir-Code: {code}\r\n");
        head.Append(fields).Append("Via: 1.1 weir\r\n");
        _head = Encoding.ASCII.GetBytes(head.ToString());
    }

    public int Status { get; }

    /// <summary>Bytes of the sentence with its line end; for senders that write no head (HTTP/2).</summary>
    public ReadOnlyMemory<byte> Body => _body;

    /// <summary>Bytes that are always enough.</summary>
    public int SizeMax(in PlainAnswerFacts facts) =>
        _head.Length + _body.Length + AddedBytesMax + facts.RequestId.Length + facts.Date.Length;

    /// <summary>Returns the bytes written, or −1 where the destination might be too small.</summary>
    public int Write(in PlainAnswerFacts facts, Span<byte> destination)
    {
        if (destination.Length < SizeMax(facts))
            return -1;
        var cursor = new HeadCursor(destination);
        cursor.Put(_head);
        if (facts.RetryAfterSeconds > 0)
        {
            cursor.Put("Retry-After: "u8);
            cursor.PutNumber(facts.RetryAfterSeconds);
            cursor.Put("\r\n"u8);
        }

        if (!facts.Date.IsEmpty)
            cursor.PutField("Date: "u8, facts.Date);
        if (!facts.RequestId.IsEmpty)
            cursor.PutField("X-Request-Id: "u8, facts.RequestId);
        if (facts.Close)
            cursor.Put("Connection: close\r\n"u8);
        else if (facts.IsHttp10)
            cursor.Put("Connection: keep-alive\r\n"u8);
        cursor.Put("\r\n"u8);
        if (!facts.IsHead)
            cursor.Put(_body);
        return cursor.Written;
    }
}
