using System.Text;
using Microsoft.AspNetCore.Http;
using Weir.Core.Http;
using Weir.Core.Http.Forwarding;
using Weir.Ledger;
using Weir.Outflow;
using Weir.Spill;
using Weir.Upstream;

namespace Weir.Edge.Kestrel;

/// <summary>The client's half of one stream of HTTP/2. Framing is Kestrel's, so bodies come and go raw.</summary>
internal sealed class Http2Client : ClientSide
{
    private const int TunnelBytes = 16 * 1024;

    private readonly Http2StreamWire _wire;
    private readonly string _webSocketKey;
    private byte[]? _tunnel;
    private bool _isLent;
    private bool _isWhole;
    private bool _isBroken;
    private bool _hasBody;
    private long _bodySeen;

    public Http2Client(Http2StreamWire wire, ConnectionFacts connection, Http2Head head, GateLimits limits)
        : base(wire, connection.Peer)
    {
        _wire = wire;
        _webSocketKey = head.WebSocketKey;
        Tls = connection.Tls;
        var bytes = head.Bytes;
        var result = RequestParser.Parse(bytes, 0, bytes.Length, limits, Head, out var fault);
        if (head.Fault != GateRule.None)
            HeadFault = head.Fault;
        else if (result != ParseResult.Complete)
            HeadFault = fault == GateRule.None ? GateRule.ColonMissing : fault;
        _isWhole = Head.Framing == BodyFraming.None;
    }

    public override GateRule HeadFault { get; }

    public override ProtocolVersion Protocol => ProtocolVersion.Http2;

    public override long BodyBytesSeen => _bodySeen;

    public override BodyRead ReadBody(BodyBuffer into, out GateRule fault)
    {
        fault = GateRule.None;
        while (true)
        {
            if (_isLent)
            {
                if (_wire.IsReceiving)
                    return BodyRead.Waiting;
                Take(into);
            }

            if (_isWhole)
                return BodyRead.Whole;
            if (_isBroken || _wire.IsGone)
                return BodyRead.Gone;
            if (into.IsFull)
                return BodyRead.Full;
            var tail = into.Tail();
            into.TailIsLent = _isLent = true;
            _wire.BeginReceive(tail.Array!, tail.Offset, tail.Count);
        }
    }

    /// <summary>Kestrel gives leave where a body is asked for.</summary>
    public override void Continue(AnswerWriter answer)
    {
    }

    public override ClientNews Watch() => _wire.IsGone ? ClientNews.Gone : ClientNews.Quiet;

    public override bool TryReceive(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!_wire.IsAccepted)
            return _wire.IsGone;
        var tunnel = _tunnel ??= new byte[TunnelBytes];
        if (!_isLent)
        {
            _isLent = true;
            _wire.BeginReceive(tunnel, 0, tunnel.Length);
        }

        if (_wire.IsReceiving)
            return false;
        _isLent = false;
        // Bytes stay where they are until the next call, which is the one that receives over them.
        bytes = tunnel.AsSpan(0, Math.Max(0, _wire.Received));
        return true;
    }

    public override void SendHead(
        ResponseHead head, in AnswerFacts facts, UpstreamConnection? from, AnswerWriter answer)
    {
        AnswerFraming = facts.Framing;
        // 205 has no content either; Kestrel refuses bytes for all three.
        _hasBody = head.Status is not (204 or 205 or 304);
        Write(head);
        // No length on 204 (RFC 9110 section 8.6), nor where there is nothing whose length it would be.
        if (head.Status is not (204 or 205) && facts.ContentLength >= 0
            && facts.Framing is BodyFraming.Length or BodyFraming.None)
            _wire.Response.Headers.ContentLength = facts.ContentLength;
        _wire.Response.StatusCode = StatusFor(head.Status);
        AddWhereMissing("Date", facts.Date);
        AddWhereMissing("X-Request-Id", facts.RequestId);
        AddLines(facts.Lines);
        _wire.Response.Headers.Append("Via", "1.1 weir");
        _wire.BeginAnswer();
        if (from is null)
            return;
        var body = from.TakeWithHead();
        if (body.Count > 0)
            SendPayload(body, answer);
    }

    /// <summary>Answers before the answer go out on HTTP/1.1 only.</summary>
    public override void SendInterim(ResponseHead head, AnswerWriter answer)
    {
    }

    public override void SendSwitch(ResponseHead head, AnswerWriter answer)
    {
        if (!WebSocketKey.IsAnsweredBy(head, _webSocketKey))
        {
            // The app did not answer the handshake that Weir made for this stream.
            _wire.Abort();
            return;
        }

        _hasBody = true;
        Write(head);
        var headers = _wire.Response.Headers;
        headers.Remove("Sec-WebSocket-Accept");
        headers.Append("Via", "1.1 weir");
        _wire.Response.StatusCode = StatusCodes.Status200OK;
        _wire.BeginAccept();
    }

    public override void SendPayload(ReadOnlySpan<byte> payload, AnswerWriter answer)
    {
        if (_hasBody)
            answer.Write(payload);
    }

    /// <summary>The end of the request says it.</summary>
    public override void SendEnd(ReadOnlySpan<byte> trailers, AnswerWriter answer)
    {
    }

    public override void SendPlain(PlainAnswer plain, in PlainAnswerFacts facts, AnswerWriter answer)
    {
        // Weir's own answers are made as HTTP/1.1, once at start; this is rare enough to be read back.
        var bytes = new byte[plain.SizeMax(facts)];
        var count = plain.Write(facts, bytes);
        var head = new ResponseHead();
        ResponseParser.Parse(bytes, 0, count, Head.Verb, GateLimits.Default, head, out _);
        var headers = _wire.Response.Headers;
        _wire.Response.StatusCode = StatusFor(head.Status);
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            if (field.Known is not (KnownField.Connection or KnownField.ContentLength))
                headers.Append(TextOf(head.NameOf(field)), TextOf(head.ValueOf(field)));
        }

        if (head.ContentLength >= 0)
            headers.ContentLength = head.ContentLength;
        _wire.BeginAnswer();
        if (count > head.Length)
            answer.Write(bytes.AsSpan(head.Length, count - head.Length));
    }

    private void AddLines(ReadOnlySpan<byte> lines)
    {
        while (lines.IndexOf("\r\n"u8) is var end and > 0)
        {
            var colon = lines.IndexOf(": "u8);
            _wire.Response.Headers.Append(TextOf(lines[..colon]), TextOf(lines[(colon + 2)..end]));
            lines = lines[(end + 2)..];
        }
    }

    private void Take(BodyBuffer into)
    {
        _isLent = into.TailIsLent = false;
        var received = _wire.Received;
        _isBroken = received < 0;
        _isWhole = received == 0;
        if (received <= 0)
            return;
        _bodySeen += received;
        into.Commit(received);
    }

    private void Write(ResponseHead head)
    {
        var response = _wire.Response;
        response.StatusCode = head.Status;
        var filter = ClientHeadWriter.FilterFor(head);
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            if (filter.Passes(field))
                response.Headers.Append(TextOf(head.NameOf(field)), TextOf(head.ValueOf(field)));
        }
    }

    /// <summary>
    /// A 2xx to an extended CONNECT says that the tunnel stands (RFC 8441 section 5). An app that answered the
    /// handshake as if it were any request did not mean that, so it is told as what it is: a bad answer.
    /// </summary>
    private int StatusFor(int status) =>
        _webSocketKey.Length > 0 && status is >= 200 and < 300 ? StatusCodes.Status502BadGateway : status;

    private void AddWhereMissing(string name, ReadOnlySpan<byte> value)
    {
        var headers = _wire.Response.Headers;
        if (!value.IsEmpty && !headers.ContainsKey(name))
            headers.Append(name, TextOf(value));
    }

    private static string TextOf(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
