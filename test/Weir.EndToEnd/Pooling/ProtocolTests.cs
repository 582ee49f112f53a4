using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>
/// The protocol's corners (PostgreSQL documentation, "Message Flow"): a client gets the very messages of a direct
/// connection, while another uses the same server connections between its steps.
/// </summary>
public sealed class ProtocolTests(PostgresFixture postgres)
{
    private const int Int4 = 23;
    private const int Text = 25;

    /// <summary>Each step with the answers (ReadyForQuery) that it gets.</summary>
    // Long on purpose: a table.
    private static readonly Dictionary<string, (PgBatch Batch, int Answers)[]> Stories = new()
    {
        ["many statements are one transaction"] =
        [
            Sql("select 1; select 2; select 3"), Sql("select 1; select 1/0; select 2"),
            Sql("create table many (a int); select 1/0"), Sql("select * from many"), Sql(""), Sql(" ; -- none"),
        ],
        ["a commit closes the block and a begin adopts what was before it"] =
        [
            Sql("begin; select 1; commit; select 2"), Sql("select 1; begin; select 2"), Sql("select 3"),
            Sql("commit; begin"), Sql("rollback; select 4"), Sql("begin; select 1/0"), Sql("select 5"), Sql("commit"),
        ],
        ["a query destroys the unnamed statement and portal"] =
        [
            Sql("begin"), Ext(new PgBatch().Parse("", "select 1").Bind("", "").Sync()), Sql("select 2"),
            Ext(new PgBatch().Execute().Sync()), Sql("rollback"), Ext(new PgBatch().Parse("", "select 1").Sync()),
            Sql("select 2"), Ext(new PgBatch().Bind("", "").Execute().Sync()),
        ],
        ["an empty query in both protocols"] = [Ext(new PgBatch().Extended("")), Sql(";"), Ext(new PgBatch().Sync())],
        ["a query and a batch in one write"] =
        [
            (new PgBatch().Query("select 1").Extended("select 2").Query("select 3; select 4"), 3),
            (new PgBatch().Query("select 1/0").Extended("select 2").Query("begin").Extended("select 5"), 4),
            (new PgBatch().Query("rollback").Query("select 6"), 2),
        ],
        ["a batch that fails skips to its sync and no further"] =
        [
            (new PgBatch().Parse("a", "select 1").Parse("b", "select 1/0").Bind("", "b").Execute().Bind("", "a")
                .Execute().Parse("c", "select 3").Sync().Bind("", "a").Execute().Sync(), 2),
            Ext(new PgBatch().Bind("", "c").Execute().Sync()),
            (new PgBatch().Parse("d", "select nothing").Bind("", "d").Execute().Sync().Extended("select 4"), 2),
        ],
        ["a describe of a statement is two messages and of a portal one"] =
        [
            Ext(new PgBatch().Parse("s", "select $1::int, 'x'").Describe('S', "s").Bind("p", "s", "7")
                .Describe('P', "p").Execute("p").Sync()),
            Ext(new PgBatch().Describe('S', "s").Sync()),
            Ext(new PgBatch().Parse("n", "listen x").Describe('S', "n").Sync()),
            Ext(new PgBatch().Describe('P', "none").Sync()), Ext(new PgBatch().Describe('S', "none").Sync()),
        ],
        ["a portal is suspended and goes on, and ends with its transaction"] =
        [
            Sql("begin"),
            Ext(new PgBatch().Parse("s", "select generate_series(1, 5)").Bind("p", "s").Execute("p", 2).Sync()),
            Ext(new PgBatch().Execute("p", 2).Sync()), Ext(new PgBatch().Execute("p", 2).Sync()), Sql("commit"),
            Ext(new PgBatch().Execute("p").Sync()), Ext(new PgBatch().Bind("p", "s").Execute("p", 1).Sync()),
            Ext(new PgBatch().Execute("p").Sync()),
        ],
        ["a close of what is not there is no error"] =
        [
            Ext(new PgBatch().Close('S', "none").Close('P', "none").Sync()),
            Ext(new PgBatch().Parse("s", "select 1").Close('S', "s").Bind("", "s").Sync()),
            Ext(new PgBatch().Close('S', "").Close('S', "s").Sync()),
        ],
        ["one text with other types is another statement"] =
        [
            Ext(new PgBatch().Parse("i", "select $1", Int4).Parse("t", "select $1", Text).Sync()),
            Ext(new PgBatch().Describe('S', "i").Describe('S', "t").Sync()),
            Ext(new PgBatch().Bind("", "i", "x").Execute().Sync()),
            Ext(new PgBatch().Bind("", "t", "x").Execute().Sync()),
        ],
        ["one text under another search_path finds another table"] =
        [
            Ext(new PgBatch().Parse("s", "select count(*) from pg_tables").Sync()),
            Sql("set search_path to pg_catalog"),
            Ext(new PgBatch().Describe('S', "s").Sync()),
            Sql("begin; create temp table pg_class (a int) on commit drop"),
            Ext(new PgBatch().Extended("select count(*) from pg_class")), Sql("rollback"), Sql("show search_path"),
        ],
        ["copy in, with syncs on its way, to its end or to an error"] =
        [
            Sql("begin; create temp table copied (a int) on commit drop"),
            (new PgBatch().Query("copy copied from stdin").CopyData("1\n2\n").CopyDone(), 1),
            (new PgBatch().Parse("", "copy copied from stdin").Bind("", "").Execute().Sync().CopyData("3\n").Flush()
                .CopyData("4\n").CopyDone().Sync(), 1),
            Sql("select count(*) from copied"), Sql("savepoint s"),
            (new PgBatch().Query("copy copied from stdin").CopyData("5\n").CopyFail("enough"), 1),
            Sql("rollback to s"),
            (new PgBatch().Query("copy copied from stdin").CopyData("x\n").CopyData("6\n").CopyDone(), 1),
            Sql("rollback to s; copy copied to stdout"), Sql("rollback"),
        ],
        ["what is left of a copy that failed is overlooked"] =
        [
            (new PgBatch().Query("copy pg_class from stdin").CopyData("1\n").CopyDone().Query("select 1"), 2),
            (new PgBatch().Query("copy none_such from stdin").CopyData("1\n").CopyFail("it").Query("select 2"), 2),
        ],
        ["copy out of both protocols"] =
        [
            Sql("copy (select generate_series(1, 3)) to stdout"),
            Ext(new PgBatch().Extended("copy (select 'a', null) to stdout with csv")),
            Sql("copy (select 1/0) to stdout"),
        ],
    };

    public static TheoryData<string, int> Told
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var story in Stories.Keys)
            {
                data.Add(story, 1);
                data.Add(story, 2);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Told))]
    public void A_client_gets_the_messages_of_a_direct_connection(string story, int poolSize)
    {
        using var direct = PgRawClient.LogIn(postgres.Server.Port, PostgresServer.User, PostgresServer.Database);
        using var pool = postgres.Pool(poolSize);
        using var client = Connect(pool);
        using var other = Connect(pool);
        var step = 0;
        foreach (var (batch, answers) in Stories[story])
        {
            var wanted = Ask(direct, batch, answers);
            var given = Ask(client, batch, answers);
            Assert.True(wanted == given, $"step {step}: direct said {wanted}, through the pooler it was {given}");
            step++;
            if (wanted.EndsWith('I'))
                Assert.Equal("1", other.Do("select 1"));
        }
    }

    /// <summary>An implicit transaction is open from a Flush to its Sync: nobody else may come between.</summary>
    [Fact]
    public void A_flush_without_a_sync_keeps_the_server_connection()
    {
        using var pool = postgres.Pool(1);
        using var client = Connect(pool);
        using var other = Connect(pool);
        client.Send(new PgBatch().Parse("s", "select pg_backend_pid()").Describe('S', "s").Flush());
        client.ReadTo('T');
        other.Send(new PgBatch().Query("select 2"));
        client.Send(new PgBatch().Bind("", "s").Execute().Flush());
        client.ReadTo('C');
        Assert.False(other.IsReadableWithin(TimeSpan.FromMilliseconds(200)));
        Assert.Equal('I', client.Ask(new PgBatch().Sync()).Status);
        Assert.Equal("2", other.ReadAnswer().Value);
    }

    [Fact]
    public void A_plan_that_a_schema_change_made_old_is_made_anew_and_its_client_does_not_know()
    {
        using var pool = postgres.Pool(2);
        using var client = Connect(pool);
        using var other = Connect(pool);
        other.Do("create table replanned (a int); insert into replanned values (1)");
        try
        {
            client.Ask(new PgBatch().Parse("s", "select * from replanned").Sync());
            Assert.Equal("1", client.Ask(new PgBatch().Bind("", "s").Execute().Sync()).Value);
            postgres.Server.Do("alter table replanned alter a type text using 'changed'");
            var answer = client.Ask(new PgBatch().Bind("", "s").Execute().Sync());
            Assert.Equal(("", "changed"), (answer.Fault, answer.Value));
            // Within a transaction it is told, and is over with it; but what is known to be old is made anew before.
            Assert.Equal("changed", client.Ask(new PgBatch().Bind("", "s").Execute().Sync()).Value);
            client.Do("begin");
            postgres.Server.Do("alter table replanned alter a type int using 3");
            Assert.Equal("0A000", client.Ask(new PgBatch().Bind("", "s").Execute().Sync()).Code);
            client.Do("rollback");
            Assert.Equal("3", client.Ask(new PgBatch().Bind("", "s").Execute().Sync()).Value);
        }
        finally
        {
            client.Vanish();
            postgres.Server.Do("drop table replanned");
        }
    }

    /// <summary>As libpq does where it would speak TLS.</summary>
    [Fact]
    public void A_cancel_may_ask_for_encryption_first()
    {
        using var pool = postgres.Pool(1);
        using var client = Connect(pool);
        client.Send(new PgBatch().Query("select pg_sleep(60), 6"));
        Eventually.True(() => postgres.Server.Rows("select from pg_stat_activity where query = 'select pg_sleep(60), 6'"
            + " and state = 'active'").Count > 0, "it runs");
        using (var other = new PgRawClient(pool.Port))
        {
            other.Send(new PgBatch().Ssl());
            Assert.Equal('N', other.ReadByte());
            other.Send(new PgBatch().Cancel(client.Pid, client.Secret));
            Assert.True(other.IsClosedWithin(PgRawClient.Patience));
        }

        Assert.Equal("57014", client.ReadAnswer().Code);
    }

    private static (PgBatch Batch, int Answers) Sql(string sql) => (new PgBatch().Query(sql), 1);

    private static (PgBatch Batch, int Answers) Ext(PgBatch batch) => (batch, 1);

    private static string Ask(PgRawClient client, PgBatch batch, int answers)
    {
        client.Send(batch);
        return string.Join(" | ", Enumerable.Range(0, answers).Select(_ => Shown(client.ReadAnswer())));
    }

    private static string Shown(PgAnswer answer) =>
        $"{answer.Kinds} {answer.Fault} [{string.Join(',', answer.Tags)}] "
        + $"[{string.Join(',', answer.Rows.Select(row => row.Length == 0 ? "" : row[0]))}] {answer.Status}";

    private static PgRawClient Connect(PoolDoor pool) =>
        PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
}
