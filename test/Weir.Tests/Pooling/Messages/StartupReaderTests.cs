using Weir.Core.Pooling.Messages;

namespace Weir.Tests.Pooling.Messages;

public sealed class StartupReaderTests
{
    private const int V30 = 196608;
    private const int V32 = 196610;

    [Fact]
    public void A_startup_packet_is_read_with_its_parameters_in_their_order()
    {
        var packet = Whole(Wire.Startup(
            V30, "user\0anna\0database\0shop\0options\0-c a=b\0application_name\0\0x\0\xC3\xA9\0\0"));
        Assert.Equal(StartupKind.Startup, packet.Kind);
        Assert.Equal((3, 0), (packet.Major, packet.Minor));
        Assert.Equal(
            "user=anna|database=shop|options=-c a=b|application_name=|x=é",
            string.Join('|', packet.Parameters.Select(pair => $"{pair.Key}={pair.Value}")));
        Assert.Equal(("anna", "shop"), (packet.User, packet.Database));
        Assert.Equal(("-c a=b", null), (packet.Get("options"), packet.Get("y")));
        Assert.Empty(packet.UnknownOptions);
    }

    [Theory]
    [InlineData("user\0anna\0\0")]
    [InlineData("user\0anna\0database\0\0\0")]
    public void The_database_is_the_users_where_none_is_named(string rest) =>
        Assert.Equal("anna", Whole(Wire.Startup(V30, rest)).Database);

    [Theory]
    [InlineData(V32, 2, "")]
    [InlineData(V30 + 1, 1, "")]
    [InlineData(V30 + 9999, 9999, "_pq_.a")]
    [InlineData(V30 + 0xFFFF, 0xFFFF, "_pq_.a,_pq_.protocol_managed_params")]
    public void A_newer_minor_version_and_options_of_the_protocol_are_for_the_caller_to_negotiate(
        int code, int minor, string options)
    {
        var extra = string.Concat(options.Split(',').Where(name => name.Length > 0).Select(name => $"{name}\0on\0"));
        var packet = Whole(Wire.Startup(code, $"{extra}user\0u\0\0"));
        Assert.Equal((3, minor), (packet.Major, packet.Minor));
        Assert.Equal(options, string.Join(',', packet.UnknownOptions));
        Assert.Single(packet.Parameters);
    }

    [Theory]
    [InlineData(StartupReader.SslCode, StartupKind.Ssl)]
    [InlineData(StartupReader.GssCode, StartupKind.Gss)]
    internal void A_request_for_encryption_has_nothing_behind_its_number(int code, StartupKind kind)
    {
        Assert.Equal(kind, Whole(Wire.Startup(code, "")).Kind);
        Broken(Wire.Startup(code, "x"), SqlStates.ProtocolViolation);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(32)]
    [InlineData(256)]
    public void A_cancel_request_has_a_secret_of_4_to_256_bytes(int length)
    {
        var packet = Whole(Wire.Startup(StartupReader.CancelCode, "\0\0\x01\x02" + new string('\xFE', length)));
        Assert.Equal(StartupKind.Cancel, packet.Kind);
        Assert.Equal(0x102, packet.CancelPid);
        Assert.Equal(length, packet.CancelSecret.Length);
        Assert.All(packet.CancelSecret, value => Assert.Equal(0xFE, value));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(257)]
    public void A_cancel_request_with_another_length_is_refused(int length) => Broken(
        Wire.Startup(StartupReader.CancelCode, "\0\0\x01\x02" + new string('k', length)), SqlStates.ProtocolViolation);

    [Fact]
    public void A_TLS_handshake_is_told_from_its_first_byte_and_left_where_it_is()
    {
        Assert.Equal(PacketRead.Whole, StartupReader.Read([0x16], out var consumed, out var packet, out _));
        Assert.Equal(0, consumed);
        Assert.Equal(StartupKind.DirectTls, packet!.Kind);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("SSH-2.0-x\r\n")]
    [InlineData("\xFF\xFF\xFF\xFF\0\x03\0\0")]
    [InlineData("\x80\0\0\0\0\x03\0\0")]
    [InlineData("\0\x01\0\0")]
    [InlineData("\0\0\0\0")]
    [InlineData("\0\0\0\x04")]
    [InlineData("\0\0\0\x07zzzzzzz")]
    [InlineData("\0\0\x27\x15")]
    public void A_length_that_cannot_be_is_refused_before_more_is_read(string bytes) =>
        Broken(Wire.Bytes(bytes), SqlStates.ProtocolViolation);

    [Fact]
    public void A_packet_is_as_long_as_PostgreSQL_lets_it_be()
    {
        var head = "user\0u\0a\0";
        var value = new string('v', StartupReader.PacketBytesMax - 8 - head.Length - 2);
        var longest = Wire.Startup(V30, $"{head}{value}\0\0");
        Assert.Equal(10_004, longest.Length);
        Assert.Equal(value, Whole(longest).Get("a"));
        Broken(Wire.Startup(V30, $"{head}{value}v\0\0"), SqlStates.ProtocolViolation);
    }

    [Theory]
    [InlineData("", SqlStates.ProtocolViolation)]
    [InlineData("\0", SqlStates.InvalidAuthorization)]
    [InlineData("user\0\0\0", SqlStates.InvalidAuthorization)]
    [InlineData("database\0x\0\0", SqlStates.InvalidAuthorization)]
    [InlineData("User\0x\0\0", SqlStates.InvalidAuthorization)]
    [InlineData("user\0anna\0", SqlStates.ProtocolViolation)]
    [InlineData("user\0anna", SqlStates.ProtocolViolation)]
    [InlineData("user\0", SqlStates.ProtocolViolation)]
    [InlineData("user", SqlStates.ProtocolViolation)]
    [InlineData("user\0anna\0\0\0", SqlStates.ProtocolViolation)]
    [InlineData("user\0anna\0\0x\0y\0\0", SqlStates.ProtocolViolation)]
    [InlineData("user\0anna\0user\0root\0\0", SqlStates.ProtocolViolation)]
    [InlineData("user\0anna\0a\0b\0a\0b\0\0", SqlStates.ProtocolViolation)]
    [InlineData("user\0anna\0_pq_.a\0b\0_pq_.a\0b\0\0", SqlStates.ProtocolViolation)]
    [InlineData("user\0an\xFFna\0\0", SqlStates.InvalidBytes)]
    [InlineData("user\0anna\0\xC3\0x\0\0", SqlStates.InvalidBytes)]
    public void A_packet_that_does_not_hold_together_is_refused(string rest, string code) =>
        Broken(Wire.Startup(V30, rest), code);

    [Theory]
    [InlineData(0x20000, "2.0")]
    [InlineData(0x40000, "4.0")]
    [InlineData(0, "0.0")]
    [InlineData(-1, "65535.65535")]
    [InlineData(80877101, "1234.5677")]
    public void Another_protocol_is_refused_with_what_is_spoken(int code, string version)
    {
        var fault = Broken(Wire.Startup(code, "user\0anna\0\0"), SqlStates.FeatureNotSupported);
        Assert.Equal($"unsupported frontend protocol {version}: server supports 3.0 to 3.2", fault.Message);
    }

    public static TheoryData<byte[]> Packets => new(
        Wire.Startup(V30, "user\0anna\0database\0shop\0_pq_.x\0y\0application_name\0web.1\0\0"),
        Wire.Startup(StartupReader.SslCode, ""),
        Wire.Startup(StartupReader.CancelCode, "\0\0\0\x01secret"));

    [Theory]
    [MemberData(nameof(Packets))]
    public void Every_prefix_wants_more_and_takes_nothing(byte[] bytes)
    {
        for (var length = 0; length < bytes.Length; length++)
        {
            var result = StartupReader.Read(bytes.AsSpan(0, length), out var consumed, out var packet, out var fault);
            Assert.Equal((PacketRead.More, 0, null, null), (result, consumed, packet, fault));
        }
    }

    [Theory]
    [MemberData(nameof(Packets))]
    public void What_follows_a_packet_is_left_alone(byte[] bytes)
    {
        var result = StartupReader.Read([.. bytes, 1, 2, 3], out var consumed, out _, out _);
        Assert.Equal((PacketRead.Whole, bytes.Length), (result, consumed));
    }

    [Theory]
    [MemberData(nameof(Packets))]
    public void Every_corruption_is_read_waited_for_or_refused_with_a_reason(byte[] bytes)
    {
        foreach (var corrupt in Wire.Corruptions(bytes))
        {
            var result = StartupReader.Read(corrupt, out var consumed, out var packet, out var fault);
            Assert.Equal(result == PacketRead.Whole, packet is not null);
            Assert.Equal(result == PacketRead.Broken, fault is not null);
            Assert.InRange(consumed, 0, corrupt.Length);
            Assert.True(packet is null || packet.Kind != StartupKind.Startup || packet.User.Length > 0);
        }
    }

    [Fact]
    public void What_we_write_we_read()
    {
        var writer = new PacketWriter();
        writer.Startup(2, [new("user", "é"), new("", "never"), new("options", "-c a=b")]);
        var packet = Whole(writer.Written.ToArray());
        Assert.Equal([new("user", "é"), new("options", "-c a=b")], packet.Parameters);
        Assert.Equal(2, packet.Minor);

        writer.Clear();
        writer.CancelRequest(-7, "0123456789"u8);
        packet = Whole(writer.Written.ToArray());
        Assert.Equal((-7, "0123456789"), (packet.CancelPid, System.Text.Encoding.ASCII.GetString(packet.CancelSecret)));

        writer.Clear();
        writer.SslRequest();
        Assert.Equal(StartupKind.Ssl, Whole(writer.Written.ToArray()).Kind);
    }

    private static StartupPacket Whole(byte[] bytes)
    {
        var result = StartupReader.Read(bytes, out var consumed, out var packet, out var fault);
        Assert.Null(fault);
        Assert.Equal((PacketRead.Whole, bytes.Length), (result, consumed));
        return packet!;
    }

    private static PgError Broken(byte[] bytes, string code)
    {
        var result = StartupReader.Read(bytes, out var consumed, out var packet, out var fault);
        Assert.Equal((PacketRead.Broken, 0, null), (result, consumed, packet));
        Assert.Equal(("FATAL", code), (fault!.Severity, fault.Code));
        return fault;
    }
}
