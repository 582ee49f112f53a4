using System.Text;
using Weir.Core.Pooling.Messages;

namespace Weir.Tests.Pooling.Messages;

public sealed class RowFieldsTests
{
    [Fact]
    public void Columns_are_read_with_NULL_apart_from_nothing()
    {
        var writer = new PacketWriter();
        writer.DataRow(["a", null, "", "é"]);
        Assert.Equal("a|NULL||é|end", Read(Wire.Body(writer, 'D')));
    }

    [Theory]
    [InlineData("", "broken")]
    [InlineData("\0", "broken")]
    [InlineData("\0\0", "end")]
    [InlineData("\0\0x", "more")]
    [InlineData("\0\x01", "broken")]
    [InlineData("\0\x01\0\0\0\x02x", "broken")]
    [InlineData("\0\x01\0\0\0\x01xy", "x|more")]
    [InlineData("\0\x01\xFF\xFF\xFF\xFE", "broken")]
    [InlineData("\0\x01\x7F\xFF\xFF\xFFx", "broken")]
    [InlineData("\0\x02\xFF\xFF\xFF\xFF\0\0\0\x01x", "NULL|x|end")]
    public void A_row_that_does_not_hold_together_is_broken(string body, string expected) =>
        Assert.Equal(expected, Read(Wire.Bytes(body)));

    [Fact]
    public void A_row_cut_short_at_any_byte_never_ends_well()
    {
        var writer = new PacketWriter();
        writer.DataRow(["abc", null, "d"]);
        var body = Wire.Body(writer, 'D');
        for (var length = 0; length < body.Length; length++)
            Assert.EndsWith("broken", Read(body[..length]), StringComparison.Ordinal);
        foreach (var corrupt in Wire.Corruptions(body))
            Assert.Matches("(end|more|broken)$", Read(corrupt));
    }

    private static string Read(byte[] body)
    {
        var text = new StringBuilder();
        var row = new RowFields(body);
        while (row.TryNext(out var value, out var isNull))
            text.Append(isNull ? "NULL" : Encoding.UTF8.GetString(value)).Append('|');
        return text.Append(row.IsAtEnd ? "end" : row.Left < 0 ? "broken" : "more").ToString();
    }
}
