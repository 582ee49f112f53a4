using System.Buffers.Binary;

namespace Weir.Core.Http.Forwarding;

/// <summary>
/// An IP address as 128 bits; IPv4 in its mapped form (::ffff:0:0/96), so that both spellings are one address.
/// </summary>
internal readonly record struct ClientAddress(ulong High, ulong Low)
{
    private const ulong MappedPrefix = 0xFFFF_0000_0000;

    /// <summary>No address: a peer on a unix socket. (:: itself is nobody's address either.)</summary>
    public bool IsNone => (High | Low) == 0;

    public bool IsIPv4 => High == 0 && Low >> 32 == 0xFFFF;

    /// <summary>
    /// Whom a budget is charged to: an IPv4 address, or an IPv6 /64, since one client has at least the whole of that.
    /// </summary>
    public ClientAddress BudgetKey => IsIPv4 ? this : new ClientAddress(High, 0);

    /// <summary>
    /// <see cref="BudgetKey"/> as one number, 0 for nobody. No two clients share one: what a /64 could have in common
    /// with a mapped IPv4 address lies in a block that is nobody's (RFC 4291 section 2.5.5).
    /// </summary>
    public ulong ShareKey => IsLoopback ? 0 : IsIPv4 ? Low : High;

    /// <summary>127.0.0.0/8 or ::1: whoever connects from there may speak for many.</summary>
    public bool IsLoopback => IsIPv4 ? (byte)(Low >> 24) == 127 : High == 0 && Low == 1;

    /// <summary>From 4 or 16 bytes in network order; anything else is no address.</summary>
    public static ClientAddress FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => new ClientAddress(0, MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        16 => new ClientAddress(
            BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])),
        _ => default,
    };

    /// <summary>
    /// Reads an address as forwarded chains have it: "192.0.2.1", "192.0.2.1:4711", "2001:db8::1",
    /// "[2001:db8::1]:4711".
    /// No zone, no octal, no short IPv4 forms.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ClientAddress address) =>
        TryParse(text, out address, out _);

    /// <param name="bare">The part of <paramref name="text"/> that is the address: without brackets and port.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out ClientAddress address, out ReadOnlySpan<byte> bare)
    {
        address = default;
        bare = text;
        if (text.IsEmpty)
            return false;
        if (text[0] == (byte)'[')
        {
            var end = text.IndexOf((byte)']');
            if (end < 0 || !IsPortOrNothing(text[(end + 1)..]))
                return false;
            bare = text[1..end];
            return TryParseIPv6(bare, out address);
        }

        var colon = text.IndexOf((byte)':');
        if (colon >= 0 && text[(colon + 1)..].Contains((byte)':'))
            return TryParseIPv6(text, out address);
        if (colon >= 0)
        {
            if (!IsPortOrNothing(text[colon..]))
                return false;
            bare = text[..colon];
        }

        if (!TryParseIPv4(bare, out var value))
            return false;
        address = new ClientAddress(0, MappedPrefix | value);
        return true;
    }

    private static bool IsPortOrNothing(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return true;
        return text[0] == (byte)':' && text.Length is > 1 and <= 6
            && !text[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    private static bool TryParseIPv4(ReadOnlySpan<byte> text, out uint value)
    {
        value = 0;
        for (var part = 0; part < 4; part++)
        {
            var dot = text.IndexOf((byte)'.');
            if (dot < 0 != (part == 3))
                return false;
            var digits = dot < 0 ? text : text[..dot];
            text = dot < 0 ? default : text[(dot + 1)..];
            // "010" is 8 to some readers and 10 to others, so it is neither here.
            if (digits.Length is 0 or > 3 || (digits.Length > 1 && digits[0] == (byte)'0'))
                return false;
            uint number = 0;
            foreach (var digit in digits)
            {
                if (digit is < (byte)'0' or > (byte)'9')
                    return false;
                number = number * 10 + digit - '0';
            }

            if (number > 255)
                return false;
            value = value << 8 | number;
        }

        return true;
    }

    private static bool TryParseIPv6(ReadOnlySpan<byte> text, out ClientAddress address)
    {
        address = default;
        var gap = text.IndexOf("::"u8);
        if (gap < 0)
        {
            if (TakeGroups(text, out var all) != 8)
                return false;
            address = all;
            return true;
        }

        var before = TakeGroups(text[..gap], out var front);
        var after = TakeGroups(text[(gap + 2)..], out var back);
        if (before < 0 || after < 0 || before + after > 7)
            return false;
        // Groups are gathered at the low end; those before the gap belong at the high end.
        var frontBits = ((UInt128)front.High << 64 | front.Low) << (16 * (8 - before));
        if (before == 0)
            frontBits = 0;
        var bits = frontBits | (UInt128)back.High << 64 | back.Low;
        address = new ClientAddress((ulong)(bits >> 64), (ulong)bits);
        return true;
    }

    /// <summary>Reads groups, right-aligned; the last may be IPv4 in dots and counts two. −1 where malformed.</summary>
    private static int TakeGroups(ReadOnlySpan<byte> text, out ClientAddress groups)
    {
        groups = default;
        UInt128 bits = 0;
        var count = 0;
        var more = !text.IsEmpty;
        while (more)
        {
            var colon = text.IndexOf((byte)':');
            more = colon >= 0;
            var group = more ? text[..colon] : text;
            text = more ? text[(colon + 1)..] : default;
            if (!more && group.Contains((byte)'.'))
            {
                if (!TryParseIPv4(group, out var tail))
                    return -1;
                bits = bits << 32 | tail;
                count += 2;
                continue;
            }

            if (group.Length is 0 or > 4 || !TryParseHex(group, out var value))
                return -1;
            bits = bits << 16 | value;
            count++;
            if (count > 8)
                return -1;
        }

        groups = new ClientAddress((ulong)(bits >> 64), (ulong)bits);
        return count > 8 ? -1 : count;
    }

    private static bool TryParseHex(ReadOnlySpan<byte> text, out uint value)
    {
        value = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiHexDigit((char)digit))
                return false;
            value = value << 4 | (uint)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return true;
    }
}
