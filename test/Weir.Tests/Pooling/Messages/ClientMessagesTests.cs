using System.Text;
using Weir.Core.Pooling.Messages;

namespace Weir.Tests.Pooling.Messages;

public sealed class ClientMessagesTests
{
    [Theory]
    [InlineData("p1\0SELECT $1\0\0\x01\0\0\0\x17", "p1", "SELECT $1", 6)]
    [InlineData("\0\0\0\0", "", "", 2)]
    [InlineData("\0SELECT 1\0\0\0", "", "SELECT 1", 2)]
    public void A_parse_is_read(string body, string name, string text, int typesBytes)
    {
        Assert.True(ParseMessage.TryRead(Wire.Bytes(body), out var message));
        Assert.Equal((name, text), (Text(message.Name), Text(message.Text)));
        Assert.Equal(typesBytes, message.Types.Length);
    }

    [Fact]
    public void A_parse_names_as_many_types_as_two_bytes_can_count()
    {
        byte[] body = [0, 0, 0xFF, 0xFF, .. new byte[4 * 0xFFFF]];
        Assert.True(ParseMessage.TryRead(body, out _));
        Assert.False(ParseMessage.TryRead(body.AsSpan(1), out _));
        Assert.False(ParseMessage.TryRead([.. body, 0], out _));
    }

    [Theory]
    [InlineData("p\0P", "p", 'P')]
    [InlineData("\0S", "", 'S')]
    public void A_describe_is_read(string reversed, string name, char target)
    {
        var body = Wire.Bytes(reversed[^1] + reversed[..^1]);
        Assert.True(DescribeMessage.TryRead(body, out var message));
        Assert.Equal((name, target), (Text(message.Name), (char)message.Target));
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("\0")]
    [InlineData("Sp")]
    [InlineData("Sp\0\0")]
    [InlineData("Sp\0x")]
    [InlineData("sp\0")]
    [InlineData("Xp\0")]
    public void A_describe_of_another_form_is_refused(string body) =>
        Assert.False(DescribeMessage.TryRead(Wire.Bytes(body), out _));

    [Theory]
    [InlineData("p\0\0\0\0\0", true)]
    [InlineData("\0\xFF\xFF\xFF\xFF", true)]
    [InlineData("\0\0\0\0", false)]
    [InlineData("\0\0\0\0\0\0", false)]
    [InlineData("pppppp", false)]
    [InlineData("", false)]
    public void An_execute_is_a_name_and_four_bytes(string body, bool isRead) =>
        Assert.Equal(isRead, ExecuteMessage.TryRead(Wire.Bytes(body), out _));

    [Theory]
    [InlineData("secret\0", true)]
    [InlineData("\0", true)]
    [InlineData("", false)]
    [InlineData("secret", false)]
    [InlineData("secret\0\0", false)]
    [InlineData("sec\0ret\0", false)]
    public void A_password_is_one_text(string body, bool isRead) =>
        Assert.Equal(isRead, PasswordMessage.TryRead(Wire.Bytes(body), out _));

    [Fact]
    public void A_password_is_not_longer_than_PostgreSQL_reads()
    {
        Assert.True(PasswordMessage.TryRead(Wire.Bytes(new string('x', 65534) + '\0'), out _));
        Assert.False(PasswordMessage.TryRead(Wire.Bytes(new string('x', 65535) + '\0'), out _));
    }

    [Fact]
    public void A_parse_cut_short_at_any_byte_is_refused()
    {
        var body = Wire.Bytes("p1\0SELECT $1, $2\0\0\x02\0\0\0\x17\0\0\0\x19");
        Assert.True(ParseMessage.TryRead(body, out _));
        for (var length = 0; length < body.Length; length++)
            Assert.False(ParseMessage.TryRead(body.AsSpan(0, length), out _), $"at {length}");
    }

    [Fact]
    public void A_corrupt_parse_never_reaches_beyond_its_body()
    {
        foreach (var body in Wire.Corruptions(Wire.Bytes("p1\0SELECT $1, $2\0\0\x02\0\0\0\x17\0\0\0\x19")))
        {
            if (ParseMessage.TryRead(body, out var message))
                Assert.Equal(body.Length, message.Name.Length + message.Text.Length + message.Types.Length + 2);
        }
    }

    [Fact]
    public void A_bind_is_read_from_its_head_at_every_split()
    {
        var body = Wire.Bytes("portal\0statement\0\0\0\0\x01\0\0\0\x03abc\0\0");
        for (var length = 0; length <= body.Length; length++)
        {
            var result = BindMessage.TryRead(body.AsSpan(0, length), body.Length, out var message);
            Assert.Equal(length < 17 ? PacketRead.More : PacketRead.Whole, result);
            Assert.Equal(result, BindMessage.TryRead(body.AsSpan(0, length), out _));
            if (result != PacketRead.Whole)
                continue;
            Assert.Equal(("portal", "statement", 17),
                (Text(message.Portal), Text(message.Statement), message.RestOffset));
        }
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("portal", 6)]
    [InlineData("portal\0statement", 16)]
    [InlineData("\0\0", 2)]
    [InlineData("\0\0", 7)]
    [InlineData("\0\0\0\0\0\0\0", 7)]
    public void A_bind_whose_names_leave_no_room_for_the_rest_is_broken(string head, int bodyBytes) =>
        Assert.Equal(PacketRead.Broken, BindMessage.TryRead(Wire.Bytes(head), bodyBytes, out _));

    [Theory]
    [InlineData("Q\0\0\0\x04", 0)]
    [InlineData("Q\0\0\0\x09hello", 5)]
    [InlineData("d\x7F\xFF\xFF\xFF", int.MaxValue - 4)]
    [InlineData("Q\0\0\0\x03", -1)]
    [InlineData("Q\0\0\0\0", -1)]
    [InlineData("Q\x80\0\0\0", -1)]
    [InlineData("Q\xFF\xFF\xFF\xFF", -1)]
    public void A_header_says_how_long_the_body_is(string bytes, int bodyBytes)
    {
        Assert.True(MessageHeader.TryRead(Wire.Bytes(bytes), out var kind, out var length));
        Assert.Equal((bytes[0], bodyBytes), ((char)kind, length));
        for (var prefix = 0; prefix < 5; prefix++)
            Assert.False(MessageHeader.TryRead(Wire.Bytes(bytes[..prefix]), out _, out _));
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
