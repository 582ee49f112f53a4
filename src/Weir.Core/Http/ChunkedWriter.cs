using System.Buffers.Text;

namespace Weir.Core.Http;

/// <summary>
/// Writes the chunked coding around pieces of a body (RFC 9112 section 7.1): no extensions, no leading zeros.
/// </summary>
internal static class ChunkedWriter
{
    /// <summary>Bytes that the longest chunk head takes: sixteen digits and CRLF.</summary>
    public const int HeadBytesMax = 18;

    /// <summary>What follows the data of each chunk.</summary>
    public static ReadOnlySpan<byte> Tail => "\r\n"u8;

    /// <summary>The end of a body without trailers.</summary>
    public static ReadOnlySpan<byte> Last => "0\r\n\r\n"u8;

    /// <summary>The end of a body, to be followed by trailer lines and an empty line.</summary>
    public static ReadOnlySpan<byte> LastBeforeTrailers => "0\r\n"u8;

    /// <summary>The tail of the last piece and the end of the body in one, to save a write.</summary>
    public static ReadOnlySpan<byte> TailAndLast => "\r\n0\r\n\r\n"u8;

    /// <summary>
    /// Writes the size line for <paramref name="size"/> bytes of data, more than none: an empty chunk would end the
    /// body.
    /// </summary>
    /// <returns>Bytes written.</returns>
    public static int WriteHead(Span<byte> destination, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (!Utf8Formatter.TryFormat(size, destination, out var written, 'x') || destination.Length < written + 2)
            throw new ArgumentException("The chunk head needs up to 18 bytes.", nameof(destination));
        destination[written] = (byte)'\r';
        destination[written + 1] = (byte)'\n';
        return written + 2;
    }
}
