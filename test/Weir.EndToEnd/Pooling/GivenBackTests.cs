using System.Buffers.Binary;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>
/// A client that has its answers has no server connection any more, whatever it still sends or had sent.
/// </summary>
public sealed class GivenBackTests(PostgresFixture postgres)
{
    /// <summary>The error comes before the rest of the batch is sent, which the server would skip.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(50_000)]
    public void After_a_batch_whose_error_was_read_before_its_Sync(int more)
    {
        using var pool = postgres.Pool(1);
        using var client = Connect(pool);
        using var other = Connect(pool);
        client.Send(new PgBatch().Parse("", "selec 1").Flush());
        Assert.Equal('E', client.Read()!.Value.Kind);
        var rest = new PgBatch();
        for (var count = 0; count < more; count++) rest.Bind("", "").Execute();
        client.Send(rest.Query("select 'skipped'").Sync());
        Assert.Equal("Z", client.ReadAnswer().Kinds);
        Assert.Equal("1", other.Do("select 1"));
        Assert.Equal("2", client.Do("select 2"));
    }

    /// <summary>Nobody may come in the middle of a message, and the message may end after the answer.</summary>
    [Theory]
    [InlineData(5_000)]
    [InlineData(200_000)]
    public void After_a_COPY_that_failed_in_the_middle_of_its_data(int length)
    {
        using var pool = postgres.Pool(1);
        using var client = Connect(pool);
        using var other = Connect(pool);
        Grant();
        client.Send(new PgBatch().Query("copy given_back from stdin"));
        client.ReadTo('G');
        var data = new byte[length + 1];
        data.AsSpan().Fill((byte)'7');
        data[0] = (byte)'d';
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(1), length);
        client.Send(new PgBatch().CopyData("bad\n")).Send(data.AsSpan(0, 1000));
        Assert.Equal("22P02", client.ReadAnswer().Code);
        other.Send(new PgBatch().Query("select 1"));
        client.Send(data.AsSpan(1000)).Send(new PgBatch().CopyData("8\n").CopyDone());
        Assert.Equal("1", other.ReadAnswer().Value);
        Assert.Equal("2", client.Do("select 2"));
    }

    [Fact]
    public void After_a_while_where_the_rest_of_a_failed_COPY_does_not_come()
    {
        using var pool = postgres.Pool(1, "--pool-abandon", "1s");
        using var client = Connect(pool);
        using var other = Connect(pool);
        Grant();
        client.Send(new PgBatch().Query("copy given_back from stdin"));
        client.ReadTo('G');
        var data = new PgBatch().CopyData(new string('7', 300_000)).CopyDone();
        client.Send(new PgBatch().CopyData("bad\n")).Send(data.Bytes[..1000]);
        Assert.Equal("22P02", client.ReadAnswer().Code);
        Assert.Equal("1", other.Do("select 1"));
        client.Send(data.Bytes[1000..]);
        Assert.Equal("2", client.Do("select 2"));
    }

    [Fact]
    public void After_a_COPY_of_the_extended_protocol()
    {
        using var pool = postgres.Pool(1);
        using var client = Connect(pool);
        using var other = Connect(pool);
        Grant();
        foreach (var data in new[] { "1\n", "bad\n" })
        {
            client.Send(new PgBatch().Parse("", "copy given_back from stdin").Bind("", "").Execute().Sync());
            client.ReadTo('G');
            client.Send(new PgBatch().CopyData(data).CopyDone().Sync());
            client.ReadAnswer();
            Assert.Equal("1", other.Do("select 1"));
        }
    }

    [Fact]
    public void After_a_query_that_was_cancelled()
    {
        using var pool = postgres.Pool(1);
        using var client = Connect(pool);
        using var other = Connect(pool);
        for (var turn = 0; turn < 10; turn++)
        {
            // No other test's: a cancel that comes before its query is lost.
            client.Send(new PgBatch().Query($"select pg_sleep(60), 'given back {turn}'"));
            Eventually.True(() => postgres.Server.Rows("select from pg_stat_activity where state = 'active'"
                + $" and query like 'select pg_sleep%given back {turn}%'").Count > 0, "it runs");
            client.Cancel();
            Assert.Equal("57014", client.ReadAnswer().Code);
            Assert.Equal("1", other.Do("select 1"));
        }
    }

    /// <summary>More than the house keeps account of at once, and nothing is read meanwhile.</summary>
    [Fact]
    public void After_more_messages_than_a_line_holds()
    {
        const int count = 60_000;
        using var pool = postgres.Pool(1);
        using var client = Connect(pool);
        using var other = Connect(pool);
        var batch = new PgBatch().Parse("s", "select 1");
        // Each is answered by the house alone, and the first waits for a Sync.
        for (var each = 0; each < count; each++) batch.Close('S', "none");
        for (var each = 0; each < count; each++) batch.Bind("", "s").Execute();
        var sends = Task.Run(() => client.Send(batch.Sync()));
        var answer = client.ReadAnswer();
        sends.GetAwaiter().GetResult();
        Assert.Equal(("", count, count), (answer.Fault, answer.Rows.Count(), answer.Kinds.Count(kind => kind == '3')));
        Assert.Equal("1", other.Do("select 1"));
    }

    private void Grant() => postgres.Server.Do(
        $"create table if not exists given_back (a int); grant all on given_back to {PostgresServer.User}");

    private static PgRawClient Connect(PoolDoor pool) =>
        PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
}
