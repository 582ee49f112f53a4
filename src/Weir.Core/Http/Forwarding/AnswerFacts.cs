namespace Weir.Core.Http.Forwarding;

/// <summary>What the head to the client says beside what the app sent.</summary>
internal readonly ref struct AnswerFacts
{
    /// <summary>How the body goes to the client; <see cref="ClientHeadWriter.FramingFor"/> chooses it.</summary>
    public required BodyFraming Framing { get; init; }

    /// <summary>Bytes to announce, also where no body follows (HEAD, 304); −1 announces none.</summary>
    public required long ContentLength { get; init; }

    /// <summary>True if the client's connection ends with this answer.</summary>
    public bool Close { get; init; }

    /// <summary>True for HTTP/1.0 clients, to whom a kept connection must be confirmed.</summary>
    public bool IsHttp10 { get; init; }

    /// <summary>The request's id, sent where the app sends none; empty = none.</summary>
    public ReadOnlySpan<byte> RequestId { get; init; }

    /// <summary>Whole lines that the cache adds (Age, Cache-Status), each with its CRLF; empty = none.</summary>
    public ReadOnlySpan<byte> Lines { get; init; }

    /// <summary>"Sun, 06 Nov 1994 08:49:37 GMT", sent where the app sends none; empty = none.</summary>
    public ReadOnlySpan<byte> Date { get; init; }
}
