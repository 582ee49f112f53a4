using Weir.Core.Ledger;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Answers;

/// <summary>Answers are taken at the app's speed and given at the client's.</summary>
public sealed class AnswerOffloadTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_slow_reader_of_8_MiB_holds_no_slot_and_gets_every_byte(bool chunked)
    {
        var body = new byte[8 << 20];
        new Random(8).NextBytes(body);
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is { } head)
            {
                if (!head.Contains("/big", StringComparison.Ordinal)) connection.Answer("ok");
                else if (!chunked) connection.Answer(body);
                else WriteChunked(connection, body);
            }
        });
        using var house = TestHouse.Before(app);
        using var slow = house.Connect(receiveBuffer: 8 * 1024);
        slow.Send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
        Eventually.True(() => app.Heads.Count == 1, "the app works");
        // The client has read nothing, and the worker is free for others.
        house.AllSlotsComeBack();
        for (var i = 0; i < 20; i++) Assert.Equal("ok", house.Get().Text);
        Assert.True(house.Status.SpillBytes > 0, "the answer waits in a file");
        Assert.Equal(body, slow.ReadAnswer().Body);
        Assert.Equal(200, slow.Send(Get).ReadAnswer().Status);
        Eventually.True(() => house.Status.SpillBytes == 0, "the spill budget is back");
        var record = house.Records().Find(one => one.ResponseBytes == body.Length);
        Assert.True(record.Spilled);
        Assert.False(record.HeldByClient);
    }

    [Fact]
    public void Past_the_outflow_bound_the_client_holds_the_worker_and_the_record_says_so()
    {
        using var app = ScriptedApp.Answering(
            $"HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n\r\n{new string('x', 20_000_000)}");
        using var house = TestHouse.Before(app, 1, options => options with
        {
            Outflow = options.Outflow with { SpillMax = 1 << 20 },
        });
        using var slow = house.Connect(receiveBuffer: 8 * 1024);
        slow.Send(Get);
        Eventually.True(() => house.Instance.Leased == 1, "the app works");
        Thread.Sleep(300);
        Assert.Equal(1, house.Instance.Leased);
        Assert.Equal(20_000_000, slow.ReadAnswer().Body.Length);
        Assert.True(house.Record().HeldByClient);
        house.AllSlotsComeBack();
    }

    [Fact]
    public void A_client_that_takes_nothing_is_cut_as_idle_while_the_slot_is_long_free()
    {
        using var app = ScriptedApp.Answering(
            $"HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n\r\n{new string('x', 20_000_000)}");
        using var house = TestHouse.Before(app, 1, options => options with
        {
            Outflow = options.Outflow with { Idle = TimeSpan.FromMilliseconds(500) },
        });
        using var stuck = house.Connect(receiveBuffer: 8 * 1024);
        stuck.Send(Get);
        Eventually.True(() => app.Heads.Count == 1, "the app works");
        house.AllSlotsComeBack();
        Assert.Equal(Outcome.ClientIdle, house.Record().Outcome);
        Eventually.True(() => house.Status is { SpillBytes: 0, BufferBytes: 0 or 16384 or 32768 },
            "memory and spill back");
    }

    [Fact]
    public void A_client_that_goes_in_its_answer_is_499_and_nobody_waits()
    {
        using var app = ScriptedApp.Answering(
            $"HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n\r\n{new string('x', 20_000_000)}");
        using var house = TestHouse.Before(app);
        var client = house.Connect(receiveBuffer: 8 * 1024);
        client.Send(Get).ReadHead();
        client.Reset();
        var record = house.Record();
        Assert.Contains(record.Outcome, new[] { Outcome.ClientGoneSending, Outcome.ClientGoneWaiting });
        Assert.Equal(499, record.Status);
        house.AllSlotsComeBack();
        Eventually.True(() => house.Status.SpillBytes == 0, "the spill budget is back");
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n004\r\ndefg\r\n0\r\nX-T: 1\r\n"
        + "\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabcdefg")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nabcdefg")]
    public void An_answer_of_no_known_length_is_chunked_for_1_1_and_ended_by_the_close_for_1_0(string answer)
    {
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
            {
                connection.Write(answer);
                if (!answer.Contains("chunked", StringComparison.Ordinal)) return;
            }
        });
        using var house = TestHouse.Before(app);
        using var client = house.Connect();
        for (var i = 0; i < 5; i++)
        {
            var got = client.Send(Get).ReadAnswer();
            Assert.Equal(("chunked", "", "abcdefg"), (got.Field("Transfer-Encoding"), got.Field("Content-Length"),
                got.Text));
            Assert.Equal("", got.Field("Connection"));
        }

        var old = house.Ask("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
        Assert.Equal(("", "close", "abcdefg"), (old.Field("Transfer-Encoding"), old.Field("Connection"), old.Text));
        house.AllSlotsComeBack();
    }

    private static void WriteChunked(AppConnection connection, byte[] body)
    {
        connection.Write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (var at = 0; at < body.Length; at += 60_000)
        {
            var piece = body.AsSpan(at, Math.Min(60_000, body.Length - at));
            connection.Write($"{piece.Length:x}\r\n");
            connection.Write(piece);
            connection.Write("\r\n");
        }

        connection.Write("0\r\n\r\n");
    }
}
