using System.Text;
using Weir.Core.Caching.Shared;

namespace Weir.Tests.Caching.Shared;

public sealed class SharedAnswerFormatTests
{
    private static readonly SharedSeal s_seal = new([]);
    private static readonly SharedAnswer s_answer = SharedAnswers.Of(
        "GET https app/report?page=1", "the whole body", new PurgeStamp(77, 12, 5), 1_700_000_000_000, "gzip");

    [Fact]
    public void It_comes_back_as_it_was()
    {
        var value = Join(SharedAnswerFormat.Write(s_answer, s_seal));
        Assert.Equal(SharedAnswerFormat.BytesOf(s_answer), value.Length);
        Assert.Equal(SharedAnswerRead.Answer, Read(value, s_seal, out var back));
        Assert.Equal(Show(s_answer), Show(back!));
        // What this node did itself is not for others.
        Assert.Equal(new PurgeStamp(77, 12), back!.Stamp);
    }

    [Fact]
    public void An_empty_body_and_empty_fields_are_an_answer_too()
    {
        var bare = s_answer with { Body = [], Tags = default, Head = default, VaryKey = default, VaryNames = default };
        var value = Join(SharedAnswerFormat.Write(bare, s_seal));
        Assert.Equal(
            SharedAnswerRead.Answer, SharedAnswerFormat.Read(value, bare.Key.Span, [], s_seal, out var back));
        Assert.Equal(Show(bare), Show(back!));
    }

    [Fact]
    public void The_names_of_Vary_alone_come_back_for_the_key_alone()
    {
        var value = Join(SharedAnswerFormat.WriteVaries(s_answer, s_seal));
        Assert.Equal(
            SharedAnswerRead.Varies, SharedAnswerFormat.Read(value, s_answer.Key.Span, [], s_seal, out var back));
        Assert.Equal("accept-encoding", Encoding.UTF8.GetString(back!.VaryNames.Span));
        Assert.Equal(SharedAnswerRead.OtherKey, SharedAnswerFormat.Read(value, "x"u8, [], s_seal, out back));
        Assert.Null(back);
    }

    [Fact]
    public void Any_bit_that_flipped_any_byte_too_few_or_too_many_is_refused()
    {
        var value = Join(SharedAnswerFormat.Write(s_answer, s_seal));
        for (var at = 0; at < value.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                value[at] ^= (byte)(1 << bit);
                var read = Read(value, s_seal, out var answer);
                Assert.True(read is SharedAnswerRead.Corrupt or SharedAnswerRead.OtherVersion, $"byte {at}: {read}");
                Assert.Null(answer);
                value[at] ^= (byte)(1 << bit);
            }

            Assert.Equal(SharedAnswerRead.Corrupt, Read(value[..at], s_seal, out _));
        }

        Assert.Equal(SharedAnswerRead.Corrupt, Read([.. value, 0], s_seal, out _));
    }

    [Theory]
    [InlineData("GET https app/report?page=2", "gzip")]
    [InlineData("GET https app/report?page=1", "br")]
    [InlineData("GET https app/report?page=1", "")]
    [InlineData("GET https app/report?page=1gzip", "")]
    public void An_answer_of_another_key_is_not_given_out(string key, string vary)
    {
        var value = Join(SharedAnswerFormat.Write(s_answer, s_seal));
        var read = SharedAnswerFormat.Read(
            value, SharedAnswers.Bytes(key), SharedAnswers.Bytes(vary), s_seal, out var answer);
        Assert.Equal(SharedAnswerRead.OtherKey, read);
        Assert.Null(answer);
    }

    [Fact]
    public void Another_secret_or_none_makes_another_seal()
    {
        var value = Join(SharedAnswerFormat.Write(s_answer, new SharedSeal("ours"u8)));
        Assert.Equal(SharedAnswerRead.Answer, Read(value, new SharedSeal("ours"u8), out _));
        Assert.Equal(SharedAnswerRead.Corrupt, Read(value, new SharedSeal("theirs"u8), out _));
        Assert.Equal(SharedAnswerRead.Corrupt, Read(value, s_seal, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(PurgeEntry.SelectorBytesMax)]
    public void A_purge_comes_back_as_it_was(int selectorBytes)
    {
        var entry = new PurgeEntry(7, 9, PurgeDepth.Hard, new byte[selectorBytes]);
        var back = PurgeEntry.Read(entry.ToBytes());
        Assert.Equal(
            (7, 9, PurgeDepth.Hard, selectorBytes), (back.Node, back.Number, back.Depth, back.Selector.Length));
        Assert.True(back.IsSameAs(entry));
        Assert.Equal(selectorBytes == 0, back.IsEverything);
    }

    [Fact]
    public void What_no_node_wrote_is_an_entry_that_may_mean_anything()
    {
        var good = new PurgeEntry(7, 9, PurgeDepth.Soft, new byte[PurgeEntry.SelectorBytesMax]).ToBytes();
        byte[][] bad = [[], good[..25], [.. good, 0], [1, .. good[1..]], [2, 2, .. good[2..]], new byte[30]];
        Assert.All(bad, bytes => Assert.Same(PurgeEntry.Unread, PurgeEntry.Read(bytes)));
        Assert.True(PurgeEntry.Unread.IsEverything);
    }

    /// <summary>Carried out as one of something else, it would leave what it was for as it is.</summary>
    [Fact]
    public void A_purge_that_was_garbled_on_its_way_is_never_one_of_something_else()
    {
        var good = new PurgeEntry(7, 9, PurgeDepth.Hard, SharedAnswers.Bytes("a selector")).ToBytes();
        for (var bit = 0; bit < good.Length * 8; bit++)
        {
            var bytes = good.ToArray();
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Same(PurgeEntry.Unread, PurgeEntry.Read(bytes));
        }
    }

    private static SharedAnswerRead Read(byte[] value, SharedSeal seal, out SharedAnswer? answer) =>
        SharedAnswerFormat.Read(value, s_answer.Key.Span, s_answer.VaryKey.Span, seal, out answer);

    private static byte[] Join(IReadOnlyList<ReadOnlyMemory<byte>> pieces) =>
        [.. pieces.SelectMany(piece => piece.ToArray())];

    private static string Show(SharedAnswer answer) => string.Join(
        '|', Text(answer.Key), Text(answer.VaryKey), Text(answer.VaryNames), answer.Status, Text(answer.Head),
        answer.ResponseAt, answer.InitialAge, answer.Lifetime, answer.StaleWhile, answer.StaleIfError, answer.Flags,
        Text(answer.Tags), answer.Stamp.Era, answer.Stamp.Epoch, SharedAnswers.Body(answer));

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
