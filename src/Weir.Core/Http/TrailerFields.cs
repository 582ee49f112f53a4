namespace Weir.Core.Http;

/// <summary>
/// Which fields may come in a trailer section. All others are dropped: a trailer that frames, routes or authorises
/// would
/// be believed after the decision it bears on was made (RFC 9110 section 6.5.1).
/// </summary>
internal static class TrailerFields
{
    /// <summary>
    /// True for what is known to be read from trailers: timings, digests, validators and gRPC's status.
    /// </summary>
    public static bool IsAllowed(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 => Tokens.Equal(name, "etag"u8),
        6 => Tokens.Equal(name, "digest"u8),
        11 => Tokens.Equal(name, "grpc-status"u8) || Tokens.Equal(name, "repr-digest"u8) || IsChecksum(name),
        12 => Tokens.Equal(name, "grpc-message"u8) || IsChecksum(name),
        13 => Tokens.Equal(name, "server-timing"u8) || IsChecksum(name),
        14 => Tokens.Equal(name, "content-digest"u8) || IsChecksum(name),
        _ => IsChecksum(name),
    };

    /// <summary>
    /// Finds the fields of a trailer section that a <see cref="ChunkedReader"/> kept; offsets count from its start.
    /// </summary>
    /// <returns>True if the section is whole and every field well-formed, which the reader has made sure of.</returns>
    public static bool Parse(ReadOnlySpan<byte> section, HeadFields fields)
    {
        fields.Clear();
        var at = 0;
        while (at < section.Length)
        {
            if (FieldLines.Read(section, fromApp: false, ref at, out var field, out _) != FieldLine.Field)
                return false;
            fields.Add(field);
        }

        return true;
    }

    private static bool IsChecksum(ReadOnlySpan<byte> name) =>
        name.Length > 11 ? Tokens.Equal(name[..11], "x-checksum-"u8) : Tokens.Equal(name, "x-checksum"u8);
}
