using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>
/// Writes the heads that are made of a stored one when it is not served whole. They are parsed again like an app's
/// (<see cref="ResponseParser"/>), so that one writer serves all clients. Lengths are not in them.
/// </summary>
internal static class AnswerHeadWriter
{
    public static int SizeMax(ResponseHead stored) => stored.Length + 160;

    /// <summary>304 with the stored fields, save those that describe a body (RFC 9110 section 15.4.5).</summary>
    public static int WriteNotModified(ResponseHead stored, Span<byte> destination)
    {
        throw new NotImplementedException();
    }

    /// <summary>206 with all stored fields and Content-Range (RFC 9110 section 15.3.7).</summary>
    public static int WritePartial(ResponseHead stored, ByteRange range, long bodyBytes, Span<byte> destination)
    {
        throw new NotImplementedException();
    }

    /// <summary>416 with Content-Range: bytes */length, and no body (RFC 9110 section 15.5.17).</summary>
    public static int WriteUnsatisfiable(long bodyBytes, Span<byte> destination)
    {
        throw new NotImplementedException();
    }
}
