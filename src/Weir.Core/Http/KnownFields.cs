using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Weir.Core.Http;

/// <summary>Finds the <see cref="KnownField"/> that a name stands for.</summary>
internal static class KnownFields
{
    /// <summary>
    /// The field of this name, any case. Length and one byte leave at most one candidate, which is then compared whole:
    /// a name that is found is thereby known to be a valid token.
    /// </summary>
    public static KnownField Of(ReadOnlySpan<byte> name)
    {
        switch (name.Length)
        {
            case 0:
                return KnownField.Other;
            case 2:
                return Is(name, "te"u8, KnownField.Te);
            case 3:
                return Is(name, "via"u8, KnownField.Via);
            case 4:
                return OfFour(name);
            case 5:
                return OfFive(name);
            case 6:
                return OfSix(name);
            case 7:
                return OfSeven(name);
            case 8:
                return OrFamily(name, "location"u8, KnownField.Location);
            case 9:
                return OfNine(name);
            case 10:
                return OfTen(name);
            case 11:
                return OrFamily(name, "retry-after"u8, KnownField.RetryAfter);
            case 12:
                return OfTwelve(name);
            case 13:
                return OfThirteen(name);
            case 14:
                return OrFamily(name, "content-length"u8, KnownField.ContentLength);
            case 15:
                return OfFifteen(name);
            case 16:
                return OfSixteen(name);
            case 17:
                return OfSeventeen(name);
            case 20:
                return OrFamily(name, "sec-websocket-accept"u8, KnownField.SecWebSocketAccept);
            default:
                return InFamily(name);
        }
    }

    private static KnownField OfFour(ReadOnlySpan<byte> name) => (name[0] | 0x20) switch
    {
        'h' => Is(name, "host"u8, KnownField.Host),
        'd' => Is(name, "date"u8, KnownField.Date),
        _ => KnownField.Other,
    };

    private static KnownField OfFive(ReadOnlySpan<byte> name) => (name[0] | 0x20) switch
    {
        'p' => Is(name, "proxy"u8, KnownField.Proxy),
        'r' => Is(name, "range"u8, KnownField.Range),
        _ => InFamily(name),
    };

    private static KnownField OfSix(ReadOnlySpan<byte> name) => (name[0] | 0x20) switch
    {
        'a' => Is(name, "accept"u8, KnownField.Accept),
        'c' => Is(name, "cookie"u8, KnownField.Cookie),
        'e' => Is(name, "expect"u8, KnownField.Expect),
        's' => Is(name, "server"u8, KnownField.Server),
        _ => InFamily(name),
    };

    private static KnownField OfSeven(ReadOnlySpan<byte> name) => (name[0] | 0x20) switch
    {
        't' => Is(name, "trailer"u8, KnownField.Trailer),
        'u' => Is(name, "upgrade"u8, KnownField.Upgrade),
        _ => InFamily(name),
    };

    private static KnownField OfNine(ReadOnlySpan<byte> name) => (name[0] | 0x20) switch
    {
        'f' => Is(name, "forwarded"u8, KnownField.Forwarded),
        _ => OrFamily(name, "x-real-ip"u8, KnownField.XRealIp),
    };

    private static KnownField OfTen(ReadOnlySpan<byte> name) => (name[0] | 0x20) switch
    {
        'c' => Is(name, "connection"u8, KnownField.Connection),
        'k' => Is(name, "keep-alive"u8, KnownField.KeepAlive),
        's' => Is(name, "set-cookie"u8, KnownField.SetCookie),
        'w' => OrFamily(name, "weir-retry"u8, KnownField.WeirRetry),
        'x' => OrFamily(name, "x-sendfile"u8, KnownField.XSendfile),
        _ => KnownField.Other,
    };

    private static KnownField OfTwelve(ReadOnlySpan<byte> name) => (name[0] | 0x20) switch
    {
        'c' => Is(name, "content-type"u8, KnownField.ContentType),
        'm' => Is(name, "max-forwards"u8, KnownField.MaxForwards),
        'x' when (name[2] | 0x20) == 'r' => Is(name, "x-request-id"u8, KnownField.XRequestId),
        'x' => OrFamily(name, "x-weir-route"u8, KnownField.WeirRoute),
        _ => InFamily(name),
    };

    private static KnownField OfThirteen(ReadOnlySpan<byte> name) => (name[0] | 0x20) switch
    {
        'a' => Is(name, "authorization"u8, KnownField.Authorization),
        'c' => Is(name, "cache-control"u8, KnownField.CacheControl),
        'x' => OrFamily(name, "x-queue-start"u8, KnownField.XQueueStart),
        _ => InFamily(name),
    };

    private static KnownField OfFifteen(ReadOnlySpan<byte> name) => (name[0] | 0x20) switch
    {
        'a' => Is(name, "accept-encoding"u8, KnownField.AcceptEncoding),
        'x' when (name[2] | 0x20) == 'r' => Is(name, "x-request-start"u8, KnownField.XRequestStart),
        'x' when (name[2] | 0x20) == 's' => Is(name, "x-sendfile-type"u8, KnownField.XSendfileType),
        'x' => OrFamily(name, "x-forwarded-for"u8, KnownField.XForwardedFor),
        _ => InFamily(name),
    };

    private static KnownField OfSixteen(ReadOnlySpan<byte> name) => (name[0] | 0x20) switch
    {
        'c' when (name[1] | 0x20) == 'f' => Is(name, "cf-connecting-ip"u8, KnownField.CfConnectingIp),
        'c' => Is(name, "content-encoding"u8, KnownField.ContentEncoding),
        'p' => Is(name, "proxy-connection"u8, KnownField.ProxyConnection),
        'x' => OfSixteenX(name),
        _ => InFamily(name),
    };

    private static KnownField OfSixteenX(ReadOnlySpan<byte> name) => (name[12] | 0x20) switch
    {
        'h' => OrFamily(name, "x-forwarded-host"u8, KnownField.XForwardedHost),
        'p' => OrFamily(name, "x-forwarded-port"u8, KnownField.XForwardedPort),
        _ => OrFamily(name, "x-accel-redirect"u8, KnownField.XAccelRedirect),
    };

    private static KnownField OfSeventeen(ReadOnlySpan<byte> name) => (name[0] | 0x20) switch
    {
        't' => Is(name, "transfer-encoding"u8, KnownField.TransferEncoding),
        's' => Is(name, "sec-websocket-key"u8, KnownField.SecWebSocketKey),
        'x' => OfSeventeenX(name),
        _ => InFamily(name),
    };

    private static KnownField OfSeventeenX(ReadOnlySpan<byte> name) => (name[2] | 0x20) switch
    {
        'f' => OrFamily(name, "x-forwarded-proto"u8, KnownField.XForwardedProto),
        _ => OrFamily(name, "x-accel-buffering"u8, KnownField.XAccelBuffering),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static KnownField Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lower, KnownField known) =>
        IsSame(name, lower) ? known : KnownField.Other;

    private static KnownField OrFamily(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lower, KnownField known) =>
        IsSame(name, lower) ? known : InFamily(name);

    /// <summary>
    /// Families known by how they begin. Their names may hold any byte after that: they are checked as tokens.
    /// </summary>
    private static KnownField InFamily(ReadOnlySpan<byte> name)
    {
        switch (name[0] | 0x20)
        {
            case 'x' when Begins(name, "x-forwarded-"u8):
                return KnownField.XForwardedOther;
            case 'x' when Begins(name, "x-accel-"u8):
                return KnownField.XAccel;
            case 'x' when Begins(name, "x-weir-"u8):
            case 'w' when Begins(name, "weir-"u8):
                return KnownField.Weir;
            default:
                return KnownField.Other;
        }
    }

    private static bool Begins(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lower) =>
        name.Length >= lower.Length && IsSame(name[..lower.Length], lower);

    /// <summary>
    /// Compares spans of one length, eight bytes at a time, the last eight overlapping those before. Both are as
    /// long as
    /// the literal, so all but the reads and compares is gone once this is inlined.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSame(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lower)
    {
        if (lower.Length >= 8)
        {
            for (var at = 0; at < lower.Length - 8; at += 8)
            {
                if (!IsSameWord(Word(name[at..]), Word(lower[at..])))
                    return false;
            }

            return IsSameWord(Word(name[^8..]), Word(lower[^8..]));
        }

        if (lower.Length >= 4)
            return IsSameWord(HalfWords(name), HalfWords(lower));
        for (var at = 0; at < lower.Length; at++)
        {
            if (!IsSameWord(name[at], lower[at]))
                return false;
        }

        return true;
    }

    /// <summary>
    /// Takes the case off the letters alone: letters have bit 0x40 and the hyphen has not, so that a CR (a hyphen
    /// without
    /// 0x20) is never taken for one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSameWord(ulong name, ulong lower) => (name | (lower & 0x4040404040404040) >> 1) == lower;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong HalfWords(ReadOnlySpan<byte> bytes) =>
        (ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes) << 32 |
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]);
}
