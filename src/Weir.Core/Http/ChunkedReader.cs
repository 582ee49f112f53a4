namespace Weir.Core.Http;

/// <summary>Takes the chunked coding off a body, any split of the bytes at a time (RFC 9112 section 7.1).</summary>
internal struct ChunkedReader
{
    /// <summary>
    /// Takes bytes from <paramref name="source"/> up to the end of the next piece of payload. Call again with the rest
    /// while anything was consumed. Complete: the last chunk and the trailer section are consumed too, and bytes after
    /// <paramref name="consumed"/> belong to the next message.
    /// </summary>
    /// <param name="payload">The piece of <paramref name="source"/> that is body; empty where there was only framing.</param>
    public ParseResult Read(
        ReadOnlySpan<byte> source, GateLimits limits, out int consumed, out ReadOnlySpan<byte> payload,
        out GateRule fault) =>
        throw new NotImplementedException();
}
