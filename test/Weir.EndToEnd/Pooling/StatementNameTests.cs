using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>
/// SQL and protocol share one name space of prepared statements: a client gets the very answers of a direct connection,
/// while another uses the same server connections between its steps.
/// </summary>
public sealed class StatementNameTests(PostgresFixture postgres)
{
    // Long on purpose: a table.
    private static readonly Dictionary<string, PgBatch[]> Stories = new()
    {
        ["prepare of a name that the protocol has"] =
        [
            Parse("q", "select 'protocol'"), Sql("prepare q as select 'sql'"), Sql("execute q"), Run("q"),
            Sql("deallocate q"), Sql("prepare q as select 'sql'"), Sql("execute q"), Run("q"),
        ],
        ["parse of a name that sql has"] =
        [
            Sql("prepare q as select 'sql'"), Parse("q", "select 'protocol'"), Run("q"), Sql("execute q"), Close("q"),
            Sql("execute q"), Parse("q", "select 'protocol'"), Sql("execute q"), Run("q"),
        ],
        ["parse of a name whose text cannot be replayed"] =
        [
            Sql("prepare q as select E'\\\\s' || 'ä'"), Parse("q", "select 'protocol'"), Run("q"), Sql("execute q"),
            Sql("deallocate q"), Parse("q", "select 'protocol'"), Run("q"),
        ],
        ["prepare in the extended protocol"] =
        [
            Parse("q", "select 'protocol'"), new PgBatch().Extended("prepare q as select 'sql'"), Run("q"),
            new PgBatch().Extended("prepare r as select 'sql'"), Parse("r", "select 1"), Run("r"), Sql("execute r"),
            new PgBatch().Extended("deallocate r"), Run("r"), new PgBatch().Extended("deallocate q"), Run("q"),
        ],
        ["twice the same name of the protocol"] =
        [
            Parse("q", "select 'first'"), Parse("q", "select 'second'"), Run("q"), Close("q"), Run("q"),
            Parse("q", "select 'third'"), Run("q"), Sql("execute q"),
        ],
        ["a name taken within a transaction"] =
        [
            Parse("q", "select 'protocol'"), Sql("begin"), Sql("savepoint s"), Sql("prepare q as select 'sql'"),
            Sql("execute q"), Sql("rollback to s"), Run("q"), Sql("execute q"), Sql("prepare r as select 'r'"),
            Sql("rollback"), Sql("execute r"), Run("q"), Parse("r", "select 1"), Run("r"),
        ],
        ["a name taken within a failed transaction"] =
        [
            Parse("q", "select 'protocol'"), Sql("begin"), Sql("select 1/0"), Sql("prepare q as select 'sql'"),
            Parse("q", "select 1"), Sql("rollback"), Run("q"), Sql("execute q"),
        ],
        ["several names within a transaction"] =
        [
            Parse("q", "select 'q'"), Parse("r", "select 'r'"), Sql("begin; savepoint s"), Parse("q", "select 1"),
            Sql("rollback to s"), Parse("r", "select 1"), Sql("rollback to s"), Sql("execute q"), Sql("execute r"),
            Sql("commit"), Close("q"), Close("r"), Sql("execute q"), Sql("execute r"),
        ],
        ["a parse after a prepare that failed"] =
        [
            Sql("begin; savepoint s"), Sql("prepare q as select * from nowhere"), Sql("rollback to s"),
            Parse("q", "select 'protocol'"), Run("q"), Sql("commit"),
        ],
        ["deallocate all"] =
        [
            Parse("q", "select 'q'"), Sql("prepare r as select 'r'"), Sql("deallocate all"), Run("q"), Run("r"),
            Sql("execute q"), Sql("execute r"), Parse("r", "select 'again'"), Run("r"), Sql("prepare q as select 's'"),
            Sql("execute q"),
        ],
        ["deallocate all in the extended protocol, and prepare all"] =
        [
            Parse("q", "select 'q'"), Sql("prepare r as select 'r'"), new PgBatch().Extended("deallocate prepare all"),
            Run("q"), Run("r"), Parse("q", "select 'again'"), Run("q"),
        ],
        ["discard all"] =
        [
            Parse("q", "select 'q'"), Sql("prepare r as select 'r'"), Sql("discard all"), Run("q"), Run("r"),
            Sql("execute q"), Sql("execute r"), Parse("r", "select 'again'"), Run("r"), Sql("discard all"), Run("r"),
        ],
        ["discard all in a transaction"] =
        [
            Parse("q", "select 'q'"), Sql("begin"), Sql("discard all"), Sql("rollback"), Run("q"),
        ],
        ["deallocate all in a transaction that is rolled back"] =
        [
            Parse("q", "select 'q'"), Sql("prepare r as select 'r'"), Sql("begin; deallocate all"), Run("q"),
            Sql("rollback"), Run("q"), Sql("execute r"),
        ],
        ["deallocate of what is not there"] =
        [
            Sql("deallocate q"), Parse("q", "select 'q'"), Sql("deallocate Q"), Sql("deallocate q"),
            Sql("deallocate \"Q\""), Parse("Q", "select 'Q'"), Sql("deallocate q"), Sql("deallocate \"Q\""), Run("Q"),
        ],
        ["deallocate all and prepare in one query"] =
        [
            Parse("q", "select 'protocol'"), Sql("deallocate all; prepare q as select 'sql'"), Sql("execute q"),
            Run("q"),
        ],
        ["prepare in one query with others"] =
        [
            Parse("q", "select 'protocol'"), Sql("select 1; prepare q as select 'sql'; select 2"), Sql("execute q"),
            Run("q"),
        ],
        ["execute of what cannot be prepared any more"] =
        [
            Sql("create temp table gone (a int)"), Parse("q", "select a from gone"), Sql("drop table gone"),
            Sql("execute q"), Sql("select 'after'"),
        ],
        ["explain of an execute"] =
        [
            Parse("q", "select 1"), Sql("explain execute q"), Sql("EXPLAIN (COSTS OFF, VERBOSE) EXECUTE Q"),
            Sql("explain verbose execute \"q\";"), Run("q"), Sql("deallocate q"), Sql("explain execute q"),
        ],
        ["a table of an execute"] =
        [
            Parse("q", "select 7 as a"),
            Sql("begin; create table made (b) as execute q; select b from made; rollback"), Run("q"),
            Sql("begin; explain (costs off) create table made as execute q with no data; rollback"),
        ],
        ["names in any letters and quotes"] =
        [
            Parse("q", "select 'q'"), Parse("Q", "select 'Q'"), Parse("a \"b", "select 'quoted'"), Sql("ExEcUtE Q"),
            Sql("EXECUTE \"Q\""), Sql("execute \"a \"\"b\""), Sql("DEALLOCATE PREPARE Q"), Run("Q"), Run("q"),
            Sql("Deallocate \"a \"\"b\""), Run("a \"b"), Parse("q", "select 'again'"), Sql("/* why */ execute q -- it"),
        ],
        ["execute in the extended protocol"] =
        [
            Parse("q", "select 'first'"), Described("execute q"), Parse("run", "execute q"), Run("run"), Close("q"),
            Run("run"), Parse("q", "select 'second'"), Run("run"), Described("explain (costs off) execute Q"),
            Parse("off", "deallocate q"), Run("q"), Run("off"), Run("q"), Run("off"),
        ],
        ["execute with arguments"] =
        [
            Parse("q", "select $1::int + $2::int"), Sql("execute q(1, 2)"), Sql("execute q (3, (select 4));"),
            Described("execute q(5, 6)"), Sql("explain (costs off) execute q(1, 2)"), Sql("execute q('a', 'b')"),
        ],
        ["several in one query"] =
        [
            Parse("q", "select 'q'"), Parse("r", "select 'r'"), Sql("execute q; execute r; select 'plain'"),
            Sql("begin; execute q; deallocate q; execute q"), Sql("rollback"), Run("q"), Run("r"),
            Sql("deallocate r; prepare r as select 'sql'; execute r"), Sql("execute r"), Run("r"),
        ],
        ["deallocate that does not come to it"] =
        [
            Parse("q", "select 'q'"), Sql("select 1/0; deallocate q"), Run("q"), Sql("begin"), Sql("select 1/0"),
            Sql("deallocate q"), Sql("rollback"), Run("q"), Sql("execute q"), Sql("deallocate q; select 1/0"), Run("q"),
        ],
        ["deallocate that is bound and not executed"] =
        [
            Parse("q", "select 'q'"), Parse("off", "deallocate q"), new PgBatch().Bind("", "off").Sync(), Run("q"),
            new PgBatch().Parse("bad", "select 1/0").Bind("", "bad").Execute().Bind("", "off").Execute().Sync(),
            Run("q"), Run("off"), Run("q"),
        ],
        ["execute of several that cannot be prepared here"] =
        [
            Parse("q", "select 'q'"), Parse("r", "select 'r'"), Sql("begin"), Sql("select 1/0"),
            Sql("execute q; execute r"), Sql("rollback"), Sql("execute q; execute r"),
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
    public void A_client_gets_the_answers_of_a_direct_connection(string story, int poolSize)
    {
        using var direct = PgRawClient.LogIn(postgres.Server.Port, PostgresServer.User, PostgresServer.Database);
        using var pool = postgres.Pool(poolSize);
        using var client = PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
        using var other = PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
        var step = 0;
        foreach (var batch in Stories[story])
        {
            var wanted = Shown(direct.Ask(batch));
            var given = Shown(client.Ask(batch));
            Assert.True(wanted == given, $"step {step}: direct said {wanted}, through the pooler it was {given}");
            step++;
            if (wanted.EndsWith('I') && !IsPinned(story))
                Disturb(other);
        }
    }

    /// <summary>Somebody else uses the connection, and knows none of these names.</summary>
    private static void Disturb(PgRawClient other)
    {
        foreach (var name in (string[])["q", "r", "Q"])
            Assert.Equal("26000", other.Query($"execute \"{name}\"").Code);
        Assert.Equal("26000", other.Ask(new PgBatch().Bind("", "q").Execute().Sync()).Code);
        Assert.Equal("1", other.Do("select 1"));
    }

    /// <summary>It has the only connection for itself.</summary>
    private static bool IsPinned(string story) =>
        story is "parse of a name whose text cannot be replayed" or "execute of what cannot be prepared any more";

    private static string Shown(PgAnswer answer) =>
        $"{answer.Kinds} {answer.Fault} [{string.Join(',', answer.Tags)}] "
        + $"[{string.Join(',', answer.Rows.Select(row => row[0]))}] {answer.Status}";

    private static PgBatch Sql(string sql) => new PgBatch().Query(sql);

    private static PgBatch Parse(string name, string sql) => new PgBatch().Parse(name, sql).Sync();

    private static PgBatch Described(string sql) =>
        new PgBatch().Parse("", sql).Describe('S').Bind("", "").Execute().Sync();

    private static PgBatch Run(string name) => new PgBatch().Bind("", name).Execute().Sync();

    private static PgBatch Close(string name) => new PgBatch().Close('S', name).Sync();
}
