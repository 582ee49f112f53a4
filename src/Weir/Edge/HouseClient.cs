using Weir.Caching;
using Weir.Core.Http;
using Weir.Core.Http.Forwarding;
using Weir.Ledger;
using Weir.Outflow;
using Weir.Spill;
using Weir.Upstream;
using Weir.Wires;

namespace Weir.Edge;

/// <summary>
/// The client's half of an exchange that no client asked for: a refresh behind a stale answer, or a warm-up. What it is
/// sent goes nowhere; the cache keeps it.
/// </summary>
internal sealed class HouseClient : ClientSide
{
    /// <param name="head">A whole head of HTTP/1.1, already judged once.</param>
    public HouseClient(byte[] head, Peer peer)
        : base(new NowhereWire(), peer)
    {
        var limits = GateLimits.Default with { HostRequired = false, ReportOnly = true };
        if (RequestParser.Parse(head, 0, head.Length, limits, Head, out var fault) != ParseResult.Complete)
            HeadFault = fault == GateRule.None ? GateRule.ColonMissing : fault;
    }

    public override bool IsHouse => true;

    /// <summary>The part in a fill that another left to it; null: it arrives as anybody does.</summary>
    public FillPlace? Inherits { get; set; }

    public override GateRule HeadFault { get; }
    public override ProtocolVersion Protocol => ProtocolVersion.Http11;
    public override long BodyBytesSeen => 0;

    public override BodyRead ReadBody(BodyBuffer into, out GateRule fault)
    {
        fault = GateRule.None;
        return BodyRead.Whole;
    }

    public override void Continue(AnswerWriter answer)
    {
    }

    public override ClientNews Watch() => ClientNews.Quiet;

    public override bool TryReceive(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        return true;
    }

    public override void SendHead(
        ResponseHead head, in AnswerFacts facts, UpstreamConnection? from, AnswerWriter answer)
    {
        AnswerFraming = facts.Framing;
        from?.TakeWithHead();
    }

    public override void SendInterim(ResponseHead head, AnswerWriter answer)
    {
    }

    public override void SendSwitch(ResponseHead head, AnswerWriter answer)
    {
    }

    public override void SendPayload(ReadOnlySpan<byte> payload, AnswerWriter answer)
    {
    }

    public override void SendEnd(ReadOnlySpan<byte> trailers, AnswerWriter answer)
    {
    }

    public override void SendPlain(PlainAnswer plain, in PlainAnswerFacts facts, AnswerWriter answer)
    {
    }

    /// <summary>Takes all, gives nothing, and is never busy.</summary>
    private sealed class NowhereWire : Wire
    {
        public override bool IsReceiving => false;
        public override bool IsSending => false;
        public override int Received => 0;
        public override bool SendsWell => true;

        public override bool BeginReceive(byte[] buffer, int offset, int count) => true;

        public override int TrySend(ReadOnlySpan<byte> bytes) => bytes.Length;

        public override bool BeginSend(byte[] buffer, int offset, int count) => true;

        public override void EndSend()
        {
        }

        public override void Close()
        {
        }

        public override void Abort()
        {
        }
    }
}
