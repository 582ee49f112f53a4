namespace Weir.Core.Http.Forwarding;

/// <summary>What an answer of Weir's own says of this one request.</summary>
internal readonly ref struct PlainAnswerFacts
{
    /// <summary>Seconds, from 1; 0 writes no Retry-After.</summary>
    public int RetryAfterSeconds { get; init; }

    /// <summary>True if the client's connection ends with this answer.</summary>
    public bool Close { get; init; }

    /// <summary>True for HTTP/1.0 clients, to whom a kept connection must be confirmed.</summary>
    public bool IsHttp10 { get; init; }

    /// <summary>True for HEAD: the length is announced, and no body follows.</summary>
    public bool IsHead { get; init; }

    public ReadOnlySpan<byte> RequestId { get; init; }

    /// <summary>As in <see cref="AnswerFacts.Date"/>.</summary>
    public ReadOnlySpan<byte> Date { get; init; }
}
