using Weir.Core.Http;
using Weir.Core.Http.Forwarding;
using Weir.Ledger;
using Weir.Outflow;
using Weir.Spill;
using Weir.Upstream;
using Weir.Wires;

namespace Weir.Edge;

/// <summary>A client that speaks HTTP/1.1 (or 1.0), over cleartext or TLS.</summary>
internal sealed class Http1Client(Wire wire, Peer peer, GateLimits limits) : ClientSide(wire, peer)
{
    [ThreadStatic]
    private static byte[]? t_scratch;

    /// <summary>Body bytes up to this many are copied behind the head; more go out in place.</summary>
    private const int CopyBytesMax = 2048;

    public Http1Input Input { get; } = new(wire);

    public override ProtocolVersion Protocol => Head.IsHttp10 ? ProtocolVersion.Http10 : ProtocolVersion.Http11;

    public override long BodyBytesSeen => Input.BodyBytesSeen;

    public override BodyRead ReadBody(BodyBuffer into, out GateRule fault) => Input.ReadBody(limits, into, out fault);

    public override void Continue(AnswerWriter answer) => answer.Write("HTTP/1.1 100 Continue\r\n\r\n"u8);

    public override ClientNews Watch() => Input.Watch();

    public override bool TryReceive(out ReadOnlySpan<byte> bytes) => Input.TryReceive(out bytes);

    public override void SendHead(
        ResponseHead head, in AnswerFacts facts, UpstreamConnection? from, AnswerWriter answer)
    {
        AnswerFraming = facts.Framing;
        var scratch = Scratch(ClientHeadWriter.SizeMax(head, facts) + CopyBytesMax);
        var count = ClientHeadWriter.Write(head, facts, scratch);
        if (from is null || facts.Framing is not (BodyFraming.Length or BodyFraming.UntilClose))
        {
            answer.Write(scratch.AsSpan(0, count));
            return;
        }

        var body = from.TakeWithHead();
        if (body.Count <= CopyBytesMax)
        {
            body.AsSpan().CopyTo(scratch.AsSpan(count));
            answer.Write(scratch.AsSpan(0, count + body.Count));
        }
        else if (body.Offset >= count)
        {
            // The head goes right before the body, where the app's own was: one send for both, and nothing of the body
            // moves.
            scratch.AsSpan(0, count).CopyTo(body.Array.AsSpan(body.Offset - count));
            answer.Write(body.Array.AsSpan(body.Offset - count, count + body.Count));
        }
        else
        {
            answer.Write(scratch.AsSpan(0, count));
            answer.Write(body);
        }
    }

    public override void SendHeadWith(
        ResponseHead head, in AnswerFacts facts, ReadOnlySpan<byte> body, AnswerWriter answer)
    {
        if (facts.Framing == BodyFraming.Chunked)
        {
            base.SendHeadWith(head, facts, body, answer);
            return;
        }

        AnswerFraming = facts.Framing;
        var scratch = Scratch(ClientHeadWriter.SizeMax(head, facts));
        var count = ClientHeadWriter.Write(head, facts, scratch);
        answer.Write(scratch.AsSpan(0, count), body);
    }

    public override bool TakesFiles => Wire.TakesFiles;

    public override long SendHeadWith(
        ResponseHead head, in AnswerFacts facts, int descriptor, long offset, long count, AnswerWriter answer)
    {
        AnswerFraming = facts.Framing;
        var scratch = Scratch(ClientHeadWriter.SizeMax(head, facts));
        return answer.Write(
            scratch.AsSpan(0, ClientHeadWriter.Write(head, facts, scratch)), descriptor, offset, count);
    }

    public override void SendInterim(ResponseHead head, AnswerWriter answer)
    {
        // HTTP/1.0 knows no 1xx, and 100 is Weir's own to say.
        if (Head.IsHttp10 || head.Status == 100)
            return;
        var scratch = Scratch(InterimHeadWriter.SizeMax(head));
        answer.Write(scratch.AsSpan(0, InterimHeadWriter.Write(head, scratch)));
    }

    public override void SendSwitch(ResponseHead head, AnswerWriter answer)
    {
        var scratch = Scratch(InterimHeadWriter.SizeMax(head));
        answer.Write(scratch.AsSpan(0, InterimHeadWriter.WriteSwitch(head, scratch)));
    }

    public override void SendPayload(ReadOnlySpan<byte> payload, AnswerWriter answer)
    {
        if (AnswerFraming != BodyFraming.Chunked)
        {
            answer.Write(payload);
            return;
        }

        if (payload.IsEmpty)
            return;
        var scratch = Scratch(payload.Length + ChunkedWriter.HeadBytesMax + 2);
        var count = ChunkedWriter.WriteHead(scratch, payload.Length);
        payload.CopyTo(scratch.AsSpan(count));
        count += payload.Length;
        "\r\n"u8.CopyTo(scratch.AsSpan(count));
        answer.Write(scratch.AsSpan(0, count + 2));
    }

    public override void SendEnd(ReadOnlySpan<byte> trailers, AnswerWriter answer)
    {
        if (AnswerFraming != BodyFraming.Chunked)
            return;
        if (trailers.IsEmpty)
            answer.Write(ChunkedWriter.Last);
        else
            SendTrailers(trailers, answer);
    }

    private static void SendTrailers(ReadOnlySpan<byte> trailers, AnswerWriter answer)
    {
        answer.Write(ChunkedWriter.LastBeforeTrailers);
        var fields = new HeadFields();
        if (TrailerFields.Parse(trailers, fields))
        {
            for (var index = 0; index < fields.Count; index++)
            {
                ref readonly var field = ref fields[index];
                if (!TrailerFields.IsAllowed(trailers.Slice(field.NameStart, field.NameLength)))
                    continue;
                answer.Write(trailers.Slice(field.NameStart, field.NameLength));
                answer.Write(": "u8);
                answer.Write(trailers.Slice(field.ValueStart, field.ValueLength));
                answer.Write("\r\n"u8);
            }
        }

        answer.Write("\r\n"u8);
    }

    public override void SendPlain(PlainAnswer plain, in PlainAnswerFacts facts, AnswerWriter answer)
    {
        var scratch = Scratch(plain.SizeMax(facts));
        answer.Write(scratch.AsSpan(0, plain.Write(facts, scratch)));
    }

    private static byte[] Scratch(int bytes)
    {
        var scratch = t_scratch;
        if (scratch is null || scratch.Length < bytes)
            t_scratch = scratch = new byte[Math.Max(bytes, 16 * 1024)];
        return scratch;
    }
}
