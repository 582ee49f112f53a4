using System.Buffers;

namespace Weir.Core.Http.Forwarding;

/// <summary>
/// The id that follows a request through every log: the sender's own where it can be believed or is harmless (rule
/// 14).
/// </summary>
internal static class RequestIds
{
    /// <summary>Bytes of a new id: a UUID in text.</summary>
    public const int NewLength = 36;

    // Twenty: shorter ones are likely to be guessed or to repeat. Two hundred: Heroku's router's limit.
    private const int LengthMin = 20;
    private const int LengthMax = 200;

    private static readonly SearchValues<byte> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"u8);

    /// <summary>
    /// The id that came with the request, or empty where a new one is needed. From a trusted peer any length up to 200
    /// will do; the letters are the same for all, since ids go into log lines.
    /// </summary>
    public static ReadOnlySpan<byte> Kept(Peer peer, RequestHead head)
    {
        var index = head.Fields.IndexOf(KnownField.XRequestId);
        if (index < 0)
            return default;
        var value = head.ValueOf(head.Fields[index]);
        if (value.Length > LengthMax || value.Length < (peer.IsTrusted ? 1 : LengthMin))
            return default;
        return value.ContainsAnyExcept(Allowed) ? default : value;
    }

    /// <summary>Writes a random UUID (RFC 9562 version 4) made of 16 random bytes.</summary>
    public static void WriteNew(ReadOnlySpan<byte> random, Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[16];
        random[..16].CopyTo(bytes);
        bytes[6] = (byte)(bytes[6] & 0x0F | 0x40);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        // Guid's own writer turns all sixteen bytes into text at once.
        new Guid(bytes, bigEndian: true).TryFormat(destination, out _);
    }
}
