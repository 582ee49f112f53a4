using System.Text;
using Weir.Core.Pooling.Messages;

namespace Weir.Tests.Pooling.Messages;

public sealed class ServerMessagesTests
{
    private const string Failure =
        "SFEHLER\0VERROR\0C0A000\0Mgespeicherter Plan\0Ddetail\0Hhint\0Fplancache.c\0L717\0RRevalidateCachedQuery\0\0";

    [Fact]
    public void An_error_is_read_in_the_servers_own_English()
    {
        var error = PgError.Read(Wire.Bytes(Failure));
        Assert.Equal(("ERROR", "0A000", "gespeicherter Plan"), (error.Severity, error.Code, error.Message));
        Assert.Equal(("detail", "hint", "RevalidateCachedQuery"), (error.Detail, error.Hint, error.Routine));
        Assert.False(error.IsFatal);
    }

    [Theory]
    [InlineData("", "", "", "")]
    [InlineData("\0", "", "", "")]
    [InlineData("SFATAL\0C57P01\0Mbye\0\0", "FATAL", "57P01", "bye")]
    [InlineData("M\0\0", "", "", "")]
    [InlineData("Mno end", "", "", "no end")]
    [InlineData("M", "", "", "")]
    [InlineData("C57P01\0", "", "57P01", "")]
    [InlineData("C57P01\0\0Mignored\0", "", "57P01", "")]
    [InlineData("M\xFF\0", "", "", "\uFFFD")]
    public void Fields_that_are_missing_or_cut_short_are_empty(
        string body, string severity, string code, string message)
    {
        var error = PgError.Read(Wire.Bytes(body));
        Assert.Equal((severity, code, message), (error.Severity, error.Code, error.Message));
    }

    [Fact]
    public void An_error_is_read_at_every_prefix_and_with_every_corruption()
    {
        var body = Wire.Bytes(Failure);
        for (var length = 0; length <= body.Length; length++)
            Assert.StartsWith(PgError.Read(body.AsSpan(0, length)).Code, "0A000", StringComparison.Ordinal);
        foreach (var corrupt in Wire.Corruptions(body))
            Assert.NotNull(PgError.Read(corrupt).Message);
    }

    [Fact]
    public void An_error_we_write_is_the_error_we_read()
    {
        var writer = new PacketWriter();
        var error = PgError.Fatal(SqlStates.TooManyConnections, "pool is full") with { Detail = "é", Hint = "wait" };
        writer.Error(error);
        var body = Wire.Body(writer, 'E');
        Assert.Equal(error, PgError.Read(body));
        Assert.Equal("SFATAL\0VFATAL\0C53300\0Mpool is full\0Dé\0Hwait\0\0", Encoding.UTF8.GetString(body));
        Assert.True(error.IsFatal);
    }

    [Fact]
    public void A_NUL_in_a_text_ends_it_and_makes_no_field_of_its_own()
    {
        var writer = new PacketWriter();
        writer.Error(PgError.Error("XX000", "one\0C00000\0\0"));
        Assert.Equal("SERROR\0VERROR\0CXX000\0Mone\0\0", Encoding.UTF8.GetString(Wire.Body(writer, 'E')));
    }

    [Theory]
    [InlineData(0, "", true)]
    [InlineData(0, "x", false)]
    [InlineData(3, "", true)]
    [InlineData(5, "salt", true)]
    [InlineData(5, "sal", false)]
    [InlineData(5, "salty", false)]
    [InlineData(10, "SCRAM-SHA-256\0\0", true)]
    [InlineData(10, "SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0", true)]
    [InlineData(10, "\0", true)]
    [InlineData(10, "", false)]
    [InlineData(10, "SCRAM-SHA-256\0", false)]
    [InlineData(10, "SCRAM-SHA-256", false)]
    [InlineData(10, "SCRAM-SHA-256\0\0\0", false)]
    [InlineData(11, "anything", true)]
    [InlineData(12, "", true)]
    [InlineData(99, "anything", true)]
    public void What_the_server_wants_for_a_login_is_read_strictly(int code, string data, bool isRead)
    {
        byte[] body = [.. Wire.Int(code), .. Wire.Bytes(data)];
        Assert.Equal(isRead, AuthenticationRequest.TryRead(body, out var request));
        Assert.Equal(code, request.Code);
        for (var length = 0; length < 4; length++)
            Assert.False(AuthenticationRequest.TryRead(body.AsSpan(0, length), out _));
    }

    [Theory]
    [InlineData("SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0", true, true)]
    [InlineData("SCRAM-SHA-256\0\0", true, false)]
    [InlineData("SCRAM-SHA-512\0OAUTHBEARER\0\0", false, false)]
    [InlineData("\0", false, false)]
    public void Mechanisms_are_told_by_their_whole_names(string data, bool isPlainOffered, bool isPlusOffered)
    {
        Assert.True(AuthenticationRequest.TryRead([.. Wire.Int(10), .. Wire.Bytes(data)], out var request));
        Assert.Equal(isPlainOffered, request.Offers("SCRAM-SHA-256"));
        Assert.Equal(isPlusOffered, request.Offers("SCRAM-SHA-256-PLUS"));
    }

    [Theory]
    [InlineData("TimeZone\0UTC\0", true)]
    [InlineData("TimeZone\0\0", true)]
    [InlineData("\0UTC\0", false)]
    [InlineData("TimeZone\0UTC", false)]
    [InlineData("TimeZone\0", false)]
    [InlineData("TimeZone\0UTC\0x", false)]
    [InlineData("", false)]
    public void A_reported_setting_is_two_texts(string body, bool isRead) =>
        Assert.Equal(isRead, ParameterStatusMessage.TryRead(Wire.Bytes(body), out _));

    [Theory]
    [InlineData(0, false)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(32, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_cancel_key_has_4_to_256_bytes(int length, bool isRead)
    {
        byte[] body = [.. Wire.Int(77), .. new byte[length]];
        Assert.Equal(isRead, BackendKeyMessage.TryRead(body, out var message));
        Assert.Equal(isRead ? 77 : 0, message.ProcessId);
        Assert.Equal(isRead ? length : 0, message.Secret.Length);
    }

    [Theory]
    [InlineData("I", true)]
    [InlineData("T", true)]
    [InlineData("E", true)]
    [InlineData("X", false)]
    [InlineData("", false)]
    [InlineData("II", false)]
    public void Ready_is_one_of_three_letters(string body, bool isRead) =>
        Assert.Equal(isRead, TransactionStatus.TryRead(Wire.Bytes(body), out _));

    [Theory]
    [InlineData(0, "0 []")]
    [InlineData(2, "2 [a,b]", "a", "b")]
    [InlineData(196610, "2 [_pq_.x]", "_pq_.x")]
    public void A_negotiated_version_is_read_whole_or_minor_alone(int version, string expected, params string[] names)
    {
        byte[] body = [.. Wire.Int(version), .. Wire.Int(names.Length),
            .. Wire.Bytes(string.Concat(names.Select(name => name + '\0')))];
        var message = NegotiateMessage.Read(body);
        Assert.Equal(expected, $"{message!.Minor} [{string.Join(',', message.Unknown)}]");
        for (var length = 0; length < body.Length; length++)
            Assert.Null(NegotiateMessage.Read(body.AsSpan(0, length)));
        Assert.Null(NegotiateMessage.Read([.. body, 0]));
    }

    [Theory]
    [InlineData(0, -1)]
    [InlineData(0, int.MaxValue)]
    [InlineData(0x40000, 0)]
    public void A_negotiation_that_cannot_be_is_none(int version, int count) =>
        Assert.Null(NegotiateMessage.Read([.. Wire.Int(version), .. Wire.Int(count), 0]));

    [Fact]
    public void What_we_write_of_a_login_we_read()
    {
        var writer = new PacketWriter();
        writer.AuthenticationSasl(isPlusOffered: true);
        Assert.True(AuthenticationRequest.TryRead(Wire.Body(writer, 'R'), out var request));
        Assert.True(request.Offers("SCRAM-SHA-256-PLUS") && request.Offers("SCRAM-SHA-256"));
        writer.Clear();
        writer.AuthenticationSasl(isPlusOffered: false);
        Assert.True(AuthenticationRequest.TryRead(Wire.Body(writer, 'R'), out request));
        Assert.True(!request.Offers("SCRAM-SHA-256-PLUS") && request.Offers("SCRAM-SHA-256"));
        writer.Clear();
        writer.AuthenticationMd5("salt"u8);
        Assert.True(AuthenticationRequest.TryRead(Wire.Body(writer, 'R'), out request));
        Assert.Equal(AuthenticationRequest.Md5, request.Code);
        writer.Clear();
        writer.NegotiateVersion(2, ["_pq_.a", "_pq_.b"]);
        Assert.Equal(["_pq_.a", "_pq_.b"], NegotiateMessage.Read(Wire.Body(writer, 'v'))!.Unknown);
        writer.Clear();
        writer.BackendKeyData(9, "0123"u8);
        Assert.True(BackendKeyMessage.TryRead(Wire.Body(writer, 'K'), out var key));
        Assert.Equal((9, 4), (key.ProcessId, key.Secret.Length));
    }
}
