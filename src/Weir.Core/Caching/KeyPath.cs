namespace Weir.Core.Caching;

/// <summary>
/// The path in a key. Servers differ in what they make of encoded delimiters, dot segments, path parameters,
/// backslashes and empty segments, and that is how a page of one user comes to be stored as a picture for all; such
/// paths have no key (web cache deception).
/// </summary>
internal static class KeyPath
{
    public static CacheReason Write(ReadOnlySpan<byte> path, ref KeyOutput output, out bool isNormal)
    {
        isNormal = true;
        if (path.IsEmpty || path[0] != '/')
            return CacheReason.KeyPath;
        var rest = path;
        while (!rest.IsEmpty)
        {
            // At a slash. An empty segment is one only at the very end.
            output.Put((byte)'/');
            rest = rest[1..];
            var length = rest.IndexOf((byte)'/');
            var segment = length < 0 ? rest : rest[..length];
            if (length == 0 || !WriteSegment(segment, ref output, ref isNormal))
                return CacheReason.KeyPath;
            rest = rest[segment.Length..];
        }

        return CacheReason.None;
    }

    private static bool WriteSegment(ReadOnlySpan<byte> segment, ref KeyOutput output, ref bool isNormal)
    {
        if (IsDots(segment))
            return false;
        if (!segment.ContainsAny("%;\\"u8))
        {
            output.Put(segment);
            return true;
        }

        var start = output.Written;
        for (var at = 0; at < segment.Length; at++)
        {
            var value = segment[at];
            if (value is (byte)';' or (byte)'\\')
                return false;
            if (value != '%')
            {
                output.Put(value);
                continue;
            }

            if (!PercentCoding.TryRead(segment, at, out value) || IsDelimiter(value))
                return false;
            isNormal &= PercentCoding.PutNormal(segment.Slice(at, 3), value, ref output);
            at += 2;
        }

        return output.IsFull || !IsDots(output.Bytes[start..]);
    }

    private static bool IsDots(ReadOnlySpan<byte> segment) => segment is [(byte)'.'] or [(byte)'.', (byte)'.'];

    /// <summary>
    /// What changes the path's meaning if a server decodes it before it looks for segments, or twice.
    /// </summary>
    private static bool IsDelimiter(byte value) => value < 0x20 || value == 0x7F
        || value is (byte)'/' or (byte)'\\' or (byte)'?' or (byte)'#' or (byte)';' or (byte)'%';
}
