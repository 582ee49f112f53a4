using System.Text;
using Weir.Core.Pooling.Messages;
using Weir.Tests.Support;

namespace Weir.Tests.Pooling.Messages;

public sealed class PacketWriterTests
{
    [Fact]
    public void Messages_stand_one_behind_the_other()
    {
        var writer = new PacketWriter();
        writer.Parse("p"u8, "SELECT $1"u8, "\0\u0001\0\0\0\u0017"u8);
        writer.Describe(DescribeMessage.Statement, "p"u8);
        writer.Bind(""u8, "p"u8, "\0\0\0\0\0\0"u8);
        writer.Execute(""u8);
        writer.Close(DescribeMessage.Portal, "x"u8);
        writer.Flush();
        writer.Sync();
        writer.Query("SELECT 1"u8);
        writer.Query("é");
        writer.CopyDone();
        writer.CopyFail("no");
        writer.Password("pw");
        writer.SaslInitialResponse("SCRAM-SHA-256", "n,,"u8);
        writer.SaslResponse("c="u8);
        writer.Terminate();
        Assert.Equal(
            "P18 D3 B9 E5 C3 H0 S0 Q9 Q3 c0 f3 p3 p21 p2 X0", Shape(writer.Written));
        Assert.True(ParseMessage.TryRead(writer.Written[5..23], out _));
    }

    [Fact]
    public void A_servers_answers_have_the_form_of_the_manual()
    {
        var writer = new PacketWriter();
        writer.AuthenticationOk();
        writer.ParameterStatus("a"u8, "b"u8);
        writer.BackendKeyData(1, "abcd"u8);
        writer.ReadyForQuery(TransactionStatus.Idle);
        writer.ParseComplete();
        writer.BindComplete();
        writer.CloseComplete();
        writer.NoData();
        writer.EmptyQuery();
        writer.RowDescription(["a", "bc"]);
        writer.DataRow(["1", null]);
        writer.CommandComplete("SHOW"u8);
        writer.Notice(new PgError("NOTICE", "00000", "m"));
        Assert.Equal("R4 S4 K8 Z1 10 20 30 n0 I0 T43 D11 C5 N27", Shape(writer.Written));
        Assert.Equal("Z\0\0\0\u0005I", Encoding.Latin1.GetString(writer.Written[(5 + 4 + 5 + 4 + 5 + 8)..][..6]));
    }

    [Fact]
    public void A_writer_used_again_allocates_nothing()
    {
        var writer = new PacketWriter();
        byte[] sql = [.. Enumerable.Repeat((byte)'x', 9000)];
        var texts = new[] { "a", null, "é" };
        Assert.Equal(0, Allocated.By(() =>
        {
            writer.Clear();
            writer.Query(sql);
            writer.ParameterStatus("TimeZone"u8, "UTC"u8);
            writer.DataRow(texts);
            writer.ReadyForQuery(TransactionStatus.Open);
        }));
    }

    [Fact]
    public void A_large_array_is_given_up_and_a_small_one_kept()
    {
        var writer = new PacketWriter();
        writer.Raw(new byte[16_000]);
        var kept = writer.Buffer;
        writer.Clear();
        Assert.Same(kept, writer.Buffer);
        writer.Raw(new byte[PacketWriter.KeptBytesMax + 1]);
        Assert.Equal(PacketWriter.KeptBytesMax + 1, writer.Length);
        writer.Clear();
        Assert.InRange(writer.Buffer.Length, 1, 1024);
        Assert.Equal(0, writer.Length);
    }

    [Fact]
    public void What_was_written_survives_that_the_array_grows_at_any_byte()
    {
        for (var lead = 0; lead < 600; lead++)
        {
            var writer = new PacketWriter();
            writer.Raw(new byte[lead]);
            writer.Begin(MessageKind.Query);
            writer.Byte(1);
            writer.Int16(0x0203);
            writer.Int32(0x04050607);
            writer.Text("é");
            writer.TextBytes("x"u8);
            writer.Bytes("y"u8);
            writer.End();
            writer.ReadyForQuery(TransactionStatus.Idle);
            Assert.Equal(
                "510000001101020304050607C3A9007800795A0000000549", Convert.ToHexString(writer.Written[lead..]));
        }
    }

    [Fact]
    public void SQL_may_be_written_into_a_begun_message()
    {
        var writer = new PacketWriter();
        writer.Begin(MessageKind.Query);
        for (var count = 0; count < 1000; count++)
        {
            "SELECT 1;"u8.CopyTo(writer.GetSpan(9));
            writer.Advance(9);
        }

        writer.Byte(0);
        writer.End();
        Assert.Equal(9001, Wire.Body(writer, 'Q').Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(writer.Buffer.Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(-1));
    }

    private static string Shape(ReadOnlySpan<byte> messages)
    {
        var shape = new StringBuilder();
        while (MessageHeader.TryRead(messages, out var kind, out var bodyBytes))
        {
            shape.Append((char)kind).Append(bodyBytes).Append(' ');
            messages = messages[(MessageHeader.Bytes + bodyBytes)..];
        }

        Assert.True(messages.IsEmpty);
        return shape.ToString().TrimEnd();
    }
}
