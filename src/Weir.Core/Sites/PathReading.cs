namespace Weir.Core.Sites;

/// <summary>
/// One way in which a server may read a raw path. Servers differ in whether %2F and backslash part segments, and
/// whether
/// empty segments count; the route must be the same in all of their eyes, or what Weir lets pass as one thing is served
/// as another.
/// </summary>
internal static class PathReading
{
    /// <summary>
    /// True if readings can differ at all: the path has an escape, a backslash, an empty or a dot segment.
    /// </summary>
    public static bool MayDiffer(ReadOnlySpan<byte> path) =>
        path.ContainsAny((byte)'%', (byte)'\\') || path.IndexOf("//"u8) >= 0 || path.IndexOf("/."u8) >= 0;

    /// <summary>
    /// Takes off escapes, except those of slash, backslash and dot, and leaves the segments as they are.
    /// </summary>
    /// <returns>Bytes written; never more than the path has.</returns>
    public static int Plain(ReadOnlySpan<byte> path, Span<byte> destination)
    {
        var written = 0;
        for (var at = 0; at < path.Length; at++)
        {
            if (TryEscape(path, at, out var value) && value is not ((byte)'/' or (byte)'\\' or (byte)'.'))
            {
                destination[written++] = value;
                at += 2;
                continue;
            }

            destination[written++] = path[at];
        }

        return written;
    }

    /// <summary>Takes off escapes and resolves dot segments (RFC 3986 section 5.2.4).</summary>
    /// <param name="slashes">True: %2F, %5C and backslash part segments too.</param>
    /// <param name="merge">True: several slashes count as one.</param>
    public static int Resolved(ReadOnlySpan<byte> path, bool slashes, bool merge, Span<byte> destination)
    {
        var length = 0;
        for (var at = 0; at < path.Length; at++)
        {
            var isEscape = TryEscape(path, at, out var value);
            if (!isEscape)
                value = path[at];
            if (value is (byte)'\\' or (byte)'/' && (isEscape || value == (byte)'\\'))
            {
                // Not parting segments: any byte will do that is no slash and keeps the segment from being "..".
                value = slashes ? (byte)'/' : (byte)'\\';
            }

            destination[length++] = value;
            if (isEscape)
                at += 2;
        }

        return ResolveDots(destination[..length], merge);
    }

    /// <summary>In place; what is written never passes what is read.</summary>
    private static int ResolveDots(Span<byte> path, bool merge)
    {
        var written = 0;
        var at = 0;
        while (at < path.Length)
        {
            // At a slash, or at the start of a path that has none there.
            var start = path[at] == (byte)'/' ? at + 1 : at;
            var length = path[start..].IndexOf((byte)'/');
            var end = length < 0 ? path.Length : start + length;
            var segment = path[start..end];
            var isLast = end == path.Length;
            if (segment.SequenceEqual(".."u8))
                written = Math.Max(0, path[..written].LastIndexOf((byte)'/'));
            if (segment.SequenceEqual(".."u8) || segment.SequenceEqual("."u8) || (segment.IsEmpty && merge))
            {
                if (isLast)
                    path[written++] = (byte)'/';
            }
            else
            {
                var from = at;
                path[from..end].CopyTo(path[written..]);
                written += end - from;
            }

            at = end;
        }

        return written;
    }

    private static bool TryEscape(ReadOnlySpan<byte> path, int at, out byte value)
    {
        value = 0;
        if (path[at] != (byte)'%' || at + 2 >= path.Length)
            return false;
        var high = HexOf(path[at + 1]);
        var low = HexOf(path[at + 2]);
        value = (byte)(high << 4 | low);
        return (high | low) >= 0;
    }

    private static int HexOf(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
