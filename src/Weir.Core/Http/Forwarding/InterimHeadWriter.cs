namespace Weir.Core.Http.Forwarding;

/// <summary>
/// Writes what comes before an answer, or in place of one: 1xx heads (103 Early Hints and the like), and the 101 that
/// makes a connection a tunnel.
/// </summary>
internal static class InterimHeadWriter
{
    private const int AddedBytesMax = 128;

    public static int SizeMax(ResponseHead head) => 2 * head.Length + AddedBytesMax;

    /// <summary>
    /// The app's 1xx, for an HTTP/1.1 client; bytes written, or −1 where the destination might be too small. HTTP/1.0
    /// knows no 1xx, and a 100 is Weir's own to send: the caller sends neither.
    /// </summary>
    public static int Write(ResponseHead head, Span<byte> destination) => Write(head, ""u8, destination);

    /// <summary>The app's 101 to a WebSocket upgrade, with the Sec-WebSocket-* fields as they came.</summary>
    public static int WriteSwitch(ResponseHead head, Span<byte> destination) =>
        Write(head, "Connection: Upgrade\r\nUpgrade: websocket\r\n"u8, destination);

    private static int Write(ResponseHead head, ReadOnlySpan<byte> added, Span<byte> destination)
    {
        if (destination.Length < SizeMax(head))
            return -1;
        var cursor = new HeadCursor(destination);
        ClientHeadWriter.PutStatusLine(head, ref cursor);
        ClientHeadWriter.FilterFor(head).CopyTo(ref cursor);
        cursor.Put(added);
        cursor.Put("Via: 1.1 weir\r\n\r\n"u8);
        return cursor.Written;
    }
}
