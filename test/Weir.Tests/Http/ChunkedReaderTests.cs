using FsCheck;
using FsCheck.Fluent;
using Weir.Core.Http;

namespace Weir.Tests.Http;

public sealed class ChunkedReaderTests
{
    public static TheoryData<string, string, string> Valid => new()
    {
        { "0\r\n\r\n", "", "" },
        { "5\r\nhello\r\n0\r\n\r\n", "hello", "" },
        { "5\r\nhello\r\n00000000000000B\r\n, beautiful\r\n000\r\n\r\n", "hello, beautiful", "" },
        { "1;a=b\r\n\r\r\n1 ; c=\"d;\\\"\\\\\"\r\n\n\r\n0;e\r\n\r\n", "\r\n", "" },
        { "a\r\n0123456789\r\nF\r\nabcdefghijklmno\r\n0\r\nETag: x\r\nFoo:\t\xE9 \r\n\r\n", "0123456789abcdefghijklmno",
            "ETag: x\r\nFoo:\t\xE9 \r\n" },
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public void Every_split_gives_the_same_payload(string coded, string payload, string trailers)
    {
        for (var split = 0; split <= coded.Length; split++)
        {
            var reader = new ChunkedReader(new byte[100]);
            Assert.Equal(payload, Decode(ref reader, coded + "GET", out var result, out var taken, split));
            Assert.Equal((ParseResult.Complete, coded.Length), (result, taken));
            Assert.Equal(trailers, HeadText.Text(reader.Trailers));
        }
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void Byte_by_byte_gives_the_same_payload(string coded, string payload, string trailers)
    {
        var reader = new ChunkedReader(new byte[trailers.Length]);
        var read = "";
        var bytes = HeadText.Bytes(coded);
        for (var at = 0; at < bytes.Length; at++)
        {
            var result = reader.Read(bytes.AsSpan(at, 1), GateLimits.Default, out var consumed, out var piece, out _);
            Assert.Equal(1, consumed);
            Assert.Equal(at == bytes.Length - 1 ? ParseResult.Complete : ParseResult.Incomplete, result);
            read += HeadText.Text(piece);
        }

        Assert.Equal((payload, trailers), (read, HeadText.Text(reader.Trailers)));
    }

    [Theory]
    [InlineData("0x1\r\na\r\n0\r\n\r\n", "chunk-size-invalid")]
    [InlineData("-1\r\na\r\n0\r\n\r\n", "chunk-size-invalid")]
    [InlineData("+1\r\na\r\n0\r\n\r\n", "chunk-size-invalid")]
    [InlineData("\r\na\r\n0\r\n\r\n", "chunk-size-invalid")]
    [InlineData(" 1\r\na\r\n", "chunk-size-invalid")]
    [InlineData("1_0\r\n", "chunk-size-invalid")]
    [InlineData(";a\r\n", "chunk-size-invalid")]
    [InlineData("g\r\n", "chunk-size-invalid")]
    [InlineData("1 \r\na\r\n", "chunk-extension-invalid")]
    [InlineData("1 1\r\na\r\n", "chunk-size-invalid")]
    [InlineData("8000000000000000\r\n", "chunk-size-overflow")]
    [InlineData("FFFFFFFFFFFFFFFF\r\n", "chunk-size-overflow")]
    [InlineData("10000000000000000\r\n", "chunk-size-overflow")]
    [InlineData("00000000000000001\r\n", "chunk-size-overflow")]
    [InlineData("1\na\r\n0\r\n\r\n", "bare-lf")]
    [InlineData("1;a\na\r\n0\r\n\r\n", "bare-lf")]
    [InlineData("1;\n", "bare-lf")]
    [InlineData("1\r\na\n0\r\n\r\n", "chunk-end-missing")]
    [InlineData("1\r\nab\r\n0\r\n\r\n", "chunk-end-missing")]
    [InlineData("1\r\na\r0\r\n\r\n", "chunk-end-missing")]
    [InlineData("0\n\r\n", "bare-lf")]
    [InlineData("0\r\n\n", "bare-lf")]
    [InlineData("0\r\n\r\r\n", "bare-cr")]
    [InlineData("1\ra\r\n", "bare-cr")]
    [InlineData("1;a\rb\r\n", "bare-cr")]
    [InlineData("1;a=\"b\r\nc\"\r\n", "chunk-extension-invalid")]
    [InlineData("1;a=\"b\\\r\n", "chunk-extension-invalid")]
    [InlineData("1;a\0\r\n", "chunk-extension-invalid")]
    [InlineData("1;\xE9\r\n", "chunk-extension-invalid")]
    [InlineData("1;a\\b\r\n", "chunk-extension-invalid")]
    [InlineData("0\r\nA: b\nC: d\r\n\r\n", "bare-lf")]
    [InlineData("0\r\nA: b\rC: d\r\n\r\n", "bare-cr")]
    [InlineData("0\r\nA : b\r\n\r\n", "space-before-colon")]
    [InlineData("0\r\nA: b\r\n c\r\n\r\n", "folded-line")]
    [InlineData("0\r\n: b\r\n\r\n", "field-name-invalid")]
    [InlineData("0\r\nA\r\n\r\n", "colon-missing")]
    [InlineData("0\r\nA: \0\r\n\r\n", "nul-byte")]
    [InlineData("0\r\nA: \x01\r\n\r\n", "control-byte-in-value")]
    public void A_broken_chunk_is_refused_with_its_rule_at_every_split(string coded, string rule)
    {
        for (var split = 0; split <= coded.Length; split++)
        {
            var reader = new ChunkedReader();
            Decode(ref reader, coded, out var result, out _, split);
            Assert.Equal((split, ParseResult.Refused, rule), (split, result, GateRules.Of(_fault).Name));
        }
    }

    [Fact]
    public void The_largest_size_is_63_bits()
    {
        var reader = new ChunkedReader();
        Decode(ref reader, "7FFFFFFFFFFFFFFF\r\nabc", out var result, out var taken, 0);
        Assert.Equal((ParseResult.Incomplete, 21), (result, taken));
    }

    [Fact]
    public void Extensions_are_bounded_by_chunk_and_by_body()
    {
        var allowed = "1;" + new string('a', 255) + "\r\nx\r\n";
        var reader = new ChunkedReader();
        Assert.Equal("x", Decode(ref reader, allowed, out var result, out _, 0));
        Assert.Equal(ParseResult.Incomplete, result);

        reader = new ChunkedReader();
        Decode(ref reader, "1;" + new string('a', 256), out result, out _, 0);
        Assert.Equal((ParseResult.Refused, GateRule.ChunkExtensionTooLong), (result, _fault));

        reader = new ChunkedReader();
        Decode(ref reader, string.Concat(Enumerable.Repeat(allowed, 16)), out result, out _, 0);
        Assert.Equal(ParseResult.Incomplete, result);
        Decode(ref reader, "1;", out result, out _, 0);
        Assert.Equal((ParseResult.Refused, GateRule.ChunkExtensionTooLong), (result, _fault));
    }

    [Fact]
    public void Trailers_are_bounded_in_bytes_and_lines_whether_kept_or_not()
    {
        var reader = new ChunkedReader();
        Decode(ref reader, "0\r\nA: " + new string('a', 9000), out var result, out _, 0);
        Assert.Equal((ParseResult.Refused, GateRule.TrailerTooLarge), (result, _fault));
        reader = new ChunkedReader(new byte[10]);
        Decode(ref reader, "0\r\nA: 345678\r\n\r\n", out result, out _, 0);
        Assert.Equal((ParseResult.Refused, GateRule.TrailerTooLarge), (result, _fault));
        reader = new ChunkedReader();
        Decode(ref reader, "0\r\n" + string.Concat(Enumerable.Repeat("A:\r\n", 101)), out result, out _, 0);
        Assert.Equal((ParseResult.Refused, GateRule.TrailerTooLarge), (result, _fault));
    }

    [Fact]
    public void Kept_trailers_can_be_read_as_fields()
    {
        var reader = new ChunkedReader(new byte[100]);
        Decode(ref reader, "0\r\nServer-Timing: a;dur=1\r\nContent-Length: 5\r\n\r\n", out _, out _, 0);
        var fields = new HeadFields();
        Assert.True(TrailerFields.Parse(reader.Trailers, fields));
        Assert.Equal(2, fields.Count);
        Assert.True(TrailerFields.IsAllowed(reader.Trailers.Slice(fields[0].NameStart, fields[0].NameLength)));
        Assert.False(TrailerFields.IsAllowed(reader.Trailers.Slice(fields[1].NameStart, fields[1].NameLength)));
    }

    [Theory]
    [InlineData("Server-Timing", true)]
    [InlineData("digest", true)]
    [InlineData("Content-Digest", true)]
    [InlineData("Repr-Digest", true)]
    [InlineData("ETAG", true)]
    [InlineData("X-Checksum", true)]
    [InlineData("X-Checksum-Sha256", true)]
    [InlineData("Grpc-Status", true)]
    [InlineData("grpc-message", true)]
    [InlineData("Content-Length", false)]
    [InlineData("Transfer-Encoding", false)]
    [InlineData("Host", false)]
    [InlineData("Authorization", false)]
    [InlineData("X-Forwarded-For", false)]
    [InlineData("Set-Cookie", false)]
    [InlineData("X-Checksums", false)]
    [InlineData("", false)]
    public void Only_listed_trailers_go_on(string name, bool isAllowed) =>
        Assert.Equal(isAllowed, TrailerFields.IsAllowed(HeadText.Bytes(name)));

    [Fact]
    public void What_the_writer_writes_the_reader_reads()
    {
        Span<byte> head = stackalloc byte[ChunkedWriter.HeadBytesMax];
        foreach (var size in new long[] { 1, 9, 10, 15, 16, 255, 4096, int.MaxValue, long.MaxValue })
        {
            var written = ChunkedWriter.WriteHead(head, size);
            Assert.Equal(size.ToString("x", null) + "\r\n", HeadText.Text(head[..written]));
        }

        var coded = "3\r\nabc" + HeadText.Text(ChunkedWriter.Tail) + "1\r\nd" +
            HeadText.Text(ChunkedWriter.TailAndLast);
        var reader = new ChunkedReader();
        Assert.Equal("abcd", Decode(ref reader, coded, out var result, out _, 3));
        Assert.Equal(ParseResult.Complete, result);
        Assert.Equal("0\r\n\r\n", HeadText.Text(ChunkedWriter.Last));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChunkedWriter.WriteHead(new byte[18], 0));
        Assert.Throws<ArgumentException>(() => ChunkedWriter.WriteHead(new byte[3], 255));
    }

    [Fact]
    public void Any_change_of_bytes_reads_the_same_whole_and_in_pieces()
    {
        var seeds = Valid.Select(row => row.Data.Item1).ToArray();
        Prop.ForAll(ArbMap.Default.ArbFor<(NonNegativeInt, NonNegativeInt, byte)>(), change =>
        {
            var (which, place, value) = change;
            var bytes = HeadText.Bytes(seeds[which.Get % seeds.Length]);
            bytes[place.Get * 7919 % bytes.Length] = value;
            Weir.Fuzz.ChunkedTarget.Fuzz(bytes);
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    private GateRule _fault;

    /// <summary>Feeds all bytes in two parts, cut at <paramref name="split"/>, as a caller would.</summary>
    private string Decode(ref ChunkedReader reader, string coded, out ParseResult result, out int taken, int split)
    {
        var bytes = HeadText.Bytes(coded);
        var payload = "";
        taken = 0;
        result = ParseResult.Incomplete;
        foreach (var end in new[] { split, bytes.Length })
        {
            while (result == ParseResult.Incomplete && taken < end)
            {
                result = reader.Read(
                    bytes.AsSpan(taken, end - taken), GateLimits.Default, out var consumed, out var piece, out _fault);
                payload += HeadText.Text(piece);
                taken += consumed;
                Assert.True(consumed > 0 || result != ParseResult.Incomplete);
            }
        }

        return payload;
    }
}
