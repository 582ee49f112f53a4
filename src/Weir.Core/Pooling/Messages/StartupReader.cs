using System.Buffers.Binary;
using System.Text;

namespace Weir.Core.Pooling.Messages;

/// <summary>
/// Reads the first packet of a connection, from peers that nobody knows yet. Stricter than PostgreSQL: a name given
/// twice, bytes that are not UTF-8 and lengths that are not the packet's own are refused, so that what Weir took for
/// the user's name is what the server takes.
/// </summary>
internal static class StartupReader
{
    /// <summary>MAX_STARTUP_PACKET_LENGTH (10,000), which PostgreSQL counts without the length itself.</summary>
    public const int PacketBytesMax = 10_000 + sizeof(int);

    public const int SslCode = 80877103;
    public const int GssCode = 80877104;
    public const int CancelCode = 80877102;
    public const int MinorMax = 2;
    private const byte TlsHandshake = 0x16;
    private const int HeadBytes = 8;
    private const int ProtocolMajor = 3;
    private const string OptionPrefix = "_pq_.";

    /// <summary>The names that drivers send, so that they need not be made anew for each connection.</summary>
    private static readonly string[] s_names =
    [
        "user", "database", "application_name", "client_encoding", "DateStyle", "TimeZone", "extra_float_digits",
        "options", "replication", "search_path", "statement_timeout", "fallback_application_name",
    ];

    private static readonly StartupPacket s_ssl = new() { Kind = StartupKind.Ssl };
    private static readonly StartupPacket s_gss = new() { Kind = StartupKind.Gss };
    private static readonly StartupPacket s_directTls = new() { Kind = StartupKind.DirectTls };

    /// <param name="from">All bytes that are there; what stands behind the packet is the caller's to judge.</param>
    /// <param name="consumed">The packet's bytes; 0 for DirectTls, whose handshake is still to be read.</param>
    /// <param name="packet">Not null exactly where it is Whole.</param>
    /// <param name="fault">Not null exactly where it is Broken: what to tell before closing.</param>
    public static PacketRead Read(
        ReadOnlySpan<byte> from, out int consumed, out StartupPacket? packet, out PgError? fault)
    {
        consumed = 0;
        packet = null;
        fault = null;
        if (from.IsEmpty)
            return PacketRead.More;
        if (from[0] == TlsHandshake)
        {
            packet = s_directTls;
            return PacketRead.Whole;
        }

        // The two high bytes of any length allowed are zero: other protocols are told from their first bytes.
        var isLost = from[0] != 0 || (from.Length > 1 && from[1] != 0);
        if (!isLost && from.Length < sizeof(int))
            return PacketRead.More;
        var length = isLost ? 0 : BinaryPrimitives.ReadInt32BigEndian(from);
        if (length is < HeadBytes or > PacketBytesMax)
        {
            fault = PgError.Fatal(SqlStates.ProtocolViolation, "invalid length of startup packet");
            return PacketRead.Broken;
        }

        if (from.Length < length)
            return PacketRead.More;
        fault = ReadWhole(from[..length], out packet);
        if (fault is not null)
            return PacketRead.Broken;
        consumed = length;
        return PacketRead.Whole;
    }

    private static PgError? ReadWhole(ReadOnlySpan<byte> bytes, out StartupPacket? packet)
    {
        packet = null;
        var code = BinaryPrimitives.ReadInt32BigEndian(bytes[sizeof(int)..]);
        var rest = bytes[HeadBytes..];
        if (code == CancelCode)
        {
            if (!BackendKeyMessage.TryRead(rest, out var key))
                return PgError.Fatal(SqlStates.ProtocolViolation, "invalid length of cancel request");
            packet = new StartupPacket
            {
                Kind = StartupKind.Cancel,
                CancelPid = key.ProcessId,
                CancelSecret = key.Secret.ToArray(),
            };
            return null;
        }

        if (code is SslCode or GssCode)
        {
            if (!rest.IsEmpty)
                return PgError.Fatal(SqlStates.ProtocolViolation, "invalid length of encryption request");
            packet = code == SslCode ? s_ssl : s_gss;
            return null;
        }

        var (major, minor) = (code >>> 16, code & 0xFFFF);
        return major == ProtocolMajor
            ? ReadParameters(rest, minor, out packet)
            : PgError.Fatal(
                SqlStates.FeatureNotSupported,
                $"unsupported frontend protocol {major}.{minor}: server supports 3.0 to 3.{MinorMax}");
    }

    private static PgError? ReadParameters(ReadOnlySpan<byte> rest, int minor, out StartupPacket? packet)
    {
        packet = null;
        var parameters = new List<KeyValuePair<string, string>>(8);
        List<string>? unknown = null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            if (!CText.TryTake(ref rest, out var nameBytes))
                return BadLayout("expected terminator as last byte");
            if (nameBytes.IsEmpty)
                break;
            if (!CText.TryTake(ref rest, out var valueBytes))
                return BadLayout("a parameter has no value");
            if (Name(nameBytes) is not { } name || Decoded(valueBytes) is not { } value)
                return PgError.Fatal(SqlStates.InvalidBytes, "startup packet holds bytes that are not UTF-8");
            if (!names.Add(name))
                return BadLayout("a parameter is given twice");
            if (name.StartsWith(OptionPrefix, StringComparison.Ordinal))
                (unknown ??= []).Add(name);
            else
                parameters.Add(new(name, value));
        }

        if (!rest.IsEmpty)
            return BadLayout("expected terminator as last byte");
        packet = new StartupPacket
        {
            Kind = StartupKind.Startup,
            Major = ProtocolMajor,
            Minor = minor,
            Parameters = parameters,
            UnknownOptions = unknown is null ? [] : unknown,
        };
        if (packet.User.Length > 0)
            return null;
        packet = null;
        return PgError.Fatal(
            SqlStates.InvalidAuthorization, "no PostgreSQL user name specified in startup packet");
    }

    private static string? Name(ReadOnlySpan<byte> bytes)
    {
        foreach (var name in s_names)
        {
            if (name.Length == bytes.Length && Ascii.Equals(bytes, name))
                return name;
        }

        return Decoded(bytes);
    }

    /// <summary>Null where the bytes are not UTF-8: put right silently, two names could become one.</summary>
    private static string? Decoded(ReadOnlySpan<byte> bytes) =>
        System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;

    private static PgError BadLayout(string why) =>
        PgError.Fatal(SqlStates.ProtocolViolation, $"invalid startup packet layout: {why}");
}
