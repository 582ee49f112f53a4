using System.Buffers;
using System.Text;
using Weir.Core.Caching.Shared;

namespace Weir.Tests.Caching.Shared;

public sealed class RespReaderTests
{
    private static readonly RespLimits s_limits = new()
    {
        LineBytesMax = 64,
        BulkBytesMax = 32,
        ValuesMax = 12,
        DepthMax = 3,
    };

    /// <summary>Bytes, and what they are in words.</summary>
    public static TheoryData<string, string> Values => new()
    {
        { "+OK\r\n", "+OK" },
        { "+\r\n", "+" },
        { "-ERR no\r\n", "!ERR no" },
        { "!6\r\nERR no\r\n", "!ERR no" },
        { ":-42\r\n", "-42" },
        { ":9223372036854775807\r\n", "9223372036854775807" },
        { "$5\r\na\r\nbc\r\n", "'a\r\nbc'" },
        { "$0\r\n\r\n", "''" },
        { "=7\r\ntxt:abc\r\n", "'abc'" },
        { "$-1\r\n", "null" },
        { "*-1\r\n", "null" },
        { "_\r\n", "null" },
        { "#t\r\n", "Boolean 1" },
        { "#f\r\n", "Boolean 0" },
        { ",-1.5e9\r\n", "number -1.5e9" },
        { "(99999999999999999999\r\n", "number 99999999999999999999" },
        { "*0\r\n", "[]" },
        { "*2\r\n:1\r\n*2\r\n$1\r\na\r\n_\r\n", "[1 ['a' null]]" },
        { "~1\r\n+x\r\n", "[+x]" },
        { "%1\r\n+proto\r\n:3\r\n", "{+proto 3}" },
        { ">2\r\n+message\r\n:1\r\n", ">[+message 1]" },
        { "|1\r\n+ttl\r\n:3\r\n+OK\r\n", "+OK" },
        { "*2\r\n|1\r\n+ttl\r\n:3\r\n+a\r\n+b\r\n", "[+a +b]" },
    };

    public static TheoryData<string> Nonsense => new(
        "x\r\n", "\r\n", "+a\n", "+a\rb\r\n", ":\r\n", ":1x\r\n", ":9223372036854775808\r\n", "$-2\r\n", "$1\r\nab\r\n",
        "$\r\n", "$?\r\n", "*?\r\n", "#x\r\n", "_x\r\n", "=3\r\nabc\r\n", "=-1\r\n", "%-1\r\n", ">-1\r\n", ",\r\n",
        "HTTP/1.1 400 Bad Request\r\n",
        // Beyond a limit: bytes, values, floors, a line.
        "$33\r\n", "*2\r\n$20\r\naaaaaaaaaaaaaaaaaaaa\r\n$20\r\n", "*12\r\n", "%6\r\n", "*9223372036854775807\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n", "+" + new string('a', 64));

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_is_read_whole_and_cut_anywhere(string bytes, string expected)
    {
        var data = Encoding.Latin1.GetBytes(bytes);
        for (var cut = 0; cut <= data.Length; cut++)
        {
            var reader = new RespReader(s_limits);
            ReadOnlySpan<byte> first = data.AsSpan(0, cut);
            ReadOnlySpan<byte> second = data.AsSpan(cut);
            var read = reader.Read(ref first, out var value);
            Assert.Equal(cut == data.Length ? RespRead.Whole : RespRead.More, read);
            if (read == RespRead.More)
                Assert.Equal(RespRead.Whole, reader.Read(ref second, out value));
            Assert.Equal(expected, Show(value!));
            Assert.True(reader.IsAtRest);
        }
    }

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void What_is_no_RESP_or_too_much_breaks_it_for_good(string bytes)
    {
        var reader = new RespReader(s_limits);
        var more = bytes.StartsWith('+') && bytes.Length > 60 ? "" : "+OK\r\n";
        ReadOnlySpan<byte> data = Encoding.Latin1.GetBytes(bytes + more);
        Assert.Equal(RespRead.Broken, reader.Read(ref data, out _));
        ReadOnlySpan<byte> good = "+OK\r\n"u8;
        Assert.Equal(RespRead.Broken, reader.Read(ref good, out _));
    }

    [Fact]
    public void Values_behind_each_other_come_one_by_one_each_with_the_whole_budget()
    {
        var reader = new RespReader(s_limits);
        var one = "$30\r\n" + new string('a', 30) + "\r\n";
        ReadOnlySpan<byte> data = Encoding.Latin1.GetBytes(one + one + ":1\r\n");
        Assert.Equal(RespRead.Whole, reader.Read(ref data, out _));
        Assert.Equal(RespRead.Whole, reader.Read(ref data, out _));
        Assert.Equal(RespRead.Whole, reader.Read(ref data, out var last));
        Assert.Equal(1, last!.Number);
        Assert.True(data.IsEmpty);
    }

    [Fact]
    public void A_push_in_the_midst_of_a_list_is_given_out_and_the_list_goes_on()
    {
        var data = "*3\r\n:1\r\n>2\r\n+message\r\n:7\r\n*1\r\n>0\r\n:2\r\n:3\r\n"u8;
        for (var cut = 0; cut <= data.Length; cut++)
        {
            var reader = new RespReader(s_limits);
            var seen = new List<string>();
            foreach (var half in new[] { data[..cut].ToArray(), data[cut..].ToArray() })
            {
                ReadOnlySpan<byte> left = half;
                while (reader.Read(ref left, out var value) == RespRead.Whole)
                    seen.Add(Show(value!));
            }

            Assert.Equal([">[+message 7]", ">[]", "[1 [2] 3]"], seen);
        }
    }

    [Fact]
    public void A_command_is_written_as_an_array_of_bulks()
    {
        var bytes = new ArrayBufferWriter<byte>();
        RespWriter.Command(bytes, 3);
        RespWriter.Argument(bytes, "SET"u8);
        RespWriter.Argument(bytes, "a\r\nb"u8);
        RespWriter.Argument(bytes, []);
        Assert.Equal("*3\r\n$3\r\nSET\r\n$4\r\na\r\nb\r\n$0\r\n\r\n", Encoding.Latin1.GetString(bytes.WrittenSpan));
    }

    [Fact]
    public void An_error_is_known_by_its_first_word()
    {
        var error = RespValue.OfBytes(RespKind.Error, "NOPERM this user"u8.ToArray());
        Assert.True(error.IsErrorOf("NOPERM"u8));
        Assert.False(error.IsErrorOf("NOPE"u8));
        Assert.False(RespValue.OfBytes(RespKind.Line, "NOPERM"u8.ToArray()).IsErrorOf("NOPERM"u8));
    }

    private static string Show(RespValue value) => value.Kind switch
    {
        RespKind.Null => "null",
        RespKind.Line => "+" + value.Text,
        RespKind.Error => "!" + value.Text,
        RespKind.Integer => $"{value.Number}",
        RespKind.Boolean => $"Boolean {value.Number}",
        RespKind.BigNumber => "number " + value.Text,
        RespKind.Bulk => $"'{value.Text}'",
        RespKind.Map => "{" + string.Join(' ', value.Items.Select(Show)) + "}",
        RespKind.Push => ">[" + string.Join(' ', value.Items.Select(Show)) + "]",
        _ => "[" + string.Join(' ', value.Items.Select(Show)) + "]",
    };
}
