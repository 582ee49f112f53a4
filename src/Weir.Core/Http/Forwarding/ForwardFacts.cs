namespace Weir.Core.Http.Forwarding;

/// <summary>What the head to the app says beside what the client sent.</summary>
internal readonly ref struct ForwardFacts
{
    public required Peer Peer { get; init; }

    /// <summary>The kept or new X-Request-Id (see <see cref="RequestIds"/>); empty writes none.</summary>
    public ReadOnlySpan<byte> RequestId { get; init; }

    /// <summary>When the request was ready, in microseconds since 1970; becomes X-Request-Start.</summary>
    public required long ReadyMicros { get; init; }

    /// <summary>
    /// How the body goes to the app: None, Length (buffered: the rule) or Chunked (streamed, of unknown length).
    /// </summary>
    public required BodyFraming Framing { get; init; }

    /// <summary>Bytes of body, where the framing is Length.</summary>
    public long ContentLength { get; init; }

    /// <summary>True asks the app to close after this exchange.</summary>
    public bool Close { get; init; }

    /// <summary>True writes a WebSocket upgrade; the caller has checked that the request is one.</summary>
    public bool Upgrade { get; init; }

    /// <summary>True tells the app that its Surrogate-Control is read (Surrogate-Capability).</summary>
    public bool IsSurrogate { get; init; }

    /// <summary>True passes Expect: 100-continue on (a streamed body that waits for the app's word).</summary>
    public bool PassExpect { get; init; }
}
