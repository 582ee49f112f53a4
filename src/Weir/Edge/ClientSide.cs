using Weir.Core.Http;
using Weir.Core.Http.Forwarding;
using Weir.Ledger;
using Weir.Outflow;
using Weir.Spill;
using Weir.Upstream;
using Weir.Wires;

namespace Weir.Edge;

/// <summary>
/// The client's half of an exchange, as the rooms see it: a request's body comes out of it, an answer goes into it. One
/// for HTTP/1.1 over a wire, one for a stream of HTTP/2.
/// </summary>
internal abstract class ClientSide(Wire wire, Peer peer)
{
    public Wire Wire { get; } = wire;
    public Peer Peer { get; protected set; } = peer;
    public RequestHead Head { get; } = new();
    public abstract ProtocolVersion Protocol { get; }
    public TlsVersion Tls { get; init; }

    /// <summary>True: nobody is there; Weir asks for the sake of what it stores.</summary>
    public virtual bool IsHouse => false;

    /// <summary>The scheme that the client used, as far as it is believed.</summary>
    public bool IsTlsAtFirst => Peer.IsTls || Peer.IsTrusted && ClientIdentity.IsHttps(Peer, Head);

    /// <summary>Why the gate refuses a head that came whole (a stream of HTTP/2).</summary>
    public virtual GateRule HeadFault => GateRule.None;

    /// <summary>How the answer's body is framed towards the client.</summary>
    public BodyFraming AnswerFraming { get; protected set; }

    /// <summary>Takes what has come of the body into the store, and starts to receive more.</summary>
    public abstract BodyRead ReadBody(BodyBuffer into, out GateRule fault);

    /// <summary>
    /// Bytes of body on the wire, framing included, that came since the exchange began: for the rate bounds.
    /// </summary>
    public abstract long BodyBytesSeen { get; }

    /// <summary>Tells a client that waits for leave to send its body that it has it.</summary>
    public abstract void Continue(AnswerWriter answer);

    /// <summary>Looks whether the client is still there, without waiting; starts to listen for its going.</summary>
    public abstract ClientNews Watch();

    /// <summary>
    /// For tunnels and lingering closes: what has come, or the end (no bytes); false while nothing has.
    /// </summary>
    public abstract bool TryReceive(out ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Passes the app's head on, and with it, where <paramref name="from"/> is given, the body bytes that came with it.
    /// </summary>
    public abstract void SendHead(
        ResponseHead head, in AnswerFacts facts, UpstreamConnection? from, AnswerWriter answer);

    /// <summary>As <see cref="SendHead"/>, with the first bytes of a body that is stored here.</summary>
    public virtual void SendHeadWith(
        ResponseHead head, in AnswerFacts facts, ReadOnlySpan<byte> body, AnswerWriter answer)
    {
        SendHead(head, facts, null, answer);
        SendPayload(body, answer);
    }

    /// <summary>The kernel can send it a file.</summary>
    public virtual bool TakesFiles => false;

    /// <summary>
    /// As <see cref="SendHead"/>, with bytes of a body that is in a file, as far as they go out at once.
    /// </summary>
    /// <returns>Bytes of the body that went.</returns>
    public virtual long SendHeadWith(
        ResponseHead head, in AnswerFacts facts, int descriptor, long offset, long count, AnswerWriter answer)
    {
        SendHead(head, facts, null, answer);
        return 0;
    }

    public abstract void SendInterim(ResponseHead head, AnswerWriter answer);

    /// <summary>Passes the app's 101 on: from here on the connection is a tunnel.</summary>
    public abstract void SendSwitch(ResponseHead head, AnswerWriter answer);

    public abstract void SendPayload(ReadOnlySpan<byte> payload, AnswerWriter answer);

    /// <param name="trailers">Trailer lines as the app sent them; passed on by allow list where the client can take
    /// them.</param>
    public abstract void SendEnd(ReadOnlySpan<byte> trailers, AnswerWriter answer);

    /// <summary>Sends an answer of Weir's own.</summary>
    public abstract void SendPlain(PlainAnswer plain, in PlainAnswerFacts facts, AnswerWriter answer);
}
