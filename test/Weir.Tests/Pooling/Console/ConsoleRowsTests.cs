using Weir.Core.Pooling.Messages;
using Weir.Pooling.Console;

namespace Weir.Tests.Pooling.Console;

public sealed class ConsoleRowsTests
{
    private static readonly (string, ConsoleType)[] s_columns =
    [
        ("text", ConsoleType.Text), ("small", ConsoleType.Int4), ("large", ConsoleType.Int8),
        ("exact", ConsoleType.Numeric),
    ];

    [Fact]
    public void Columns_are_told_with_their_types_sizes_and_formats()
    {
        var packets = new PacketWriter();
        ConsoleRows.WriteDescription(packets, new ConsoleTable(("n", ConsoleType.Int8)), [1]);
        Assert.Equal("540000001A00016E00000000000000000000140008FFFFFFFF0001",
            Convert.ToHexString(packets.Written));
    }

    public static TheoryData<short[], string> Formats => new()
    {
        { [], "00000001" + "61" + "00000001" + "37" + "00000001" + "38" + "00000005" + "3132333435" },
        {
            [1], "00000001" + "61" + "00000004" + "00000007" + "00000008" + "0000000000000008" + "0000000C"
                + "000200010000000000010929"
        },
        {
            [0, 1, 0, 0], "00000001" + "61" + "00000004" + "00000007" + "00000001" + "38" + "00000005" + "3132333435"
        },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Values_go_in_the_format_that_was_asked_for(short[] formats, string expected)
    {
        var table = new ConsoleTable(s_columns);
        table.Add("a", 7, 8L, 12_345);
        var packets = new PacketWriter();
        ConsoleRows.WriteRow(packets, table, table.Rows[0], formats);
        Assert.Equal(expected, Convert.ToHexString(packets.Written[7..]));
    }

    [Theory]
    [InlineData(0L, "0000000000000000")]
    [InlineData(10_000L, "000200010000000000010000")]
    [InlineData(-5L, "00010000400000000005")]
    public void A_numeric_has_digits_of_base_ten_thousand(long value, string expected)
    {
        var table = new ConsoleTable(("n", ConsoleType.Numeric));
        table.Add(value);
        var packets = new PacketWriter();
        ConsoleRows.WriteRow(packets, table, table.Rows[0], [1]);
        Assert.Equal(expected, Convert.ToHexString(packets.Written[11..]));
    }

    [Fact]
    public void Null_has_no_bytes_and_too_much_for_a_small_column_is_cut()
    {
        var table = new ConsoleTable(("t", ConsoleType.Text), ("n", ConsoleType.Int4), ("yes", ConsoleType.Int4));
        table.Add(null, 1L << 40, true);
        Assert.Equal("NULL 2147483647 1", string.Join(' ', table.Rows[0].Select(cell => cell ?? "NULL")));
        var packets = new PacketWriter();
        ConsoleRows.WriteRow(packets, table, table.Rows[0], []);
        Assert.Equal("FFFFFFFF", Convert.ToHexString(packets.Written[7..11]));
    }
}
