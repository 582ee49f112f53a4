using System.Text;
using Weir.Core.Pooling.Catalogue;
using Weir.Core.Pooling.Sql;
using Weir.Tests.Support;

namespace Weir.Tests.Pooling.Sql;

public class SqlReaderTests
{
    /// <summary>A database in which only what is built in matters.</summary>
    private static readonly CatalogueFacts Harmless = new([], Residue.None, []);

    [Theory]
    [InlineData("SELECT abalance FROM pgbench_accounts WHERE aid = 12345;")]
    [InlineData("  select 1 -- SET x = 1; LISTEN a")]
    [InlineData("/* a /* nested */ SET x = 1 */ SELECT 1")]
    [InlineData("SELECT 'set_config(''a'',''b'',false)'")]
    [InlineData("SELECT $$ ; LISTEN a; $$")]
    [InlineData("SELECT $a$ $$ ; LISTEN a; $b$ $a$")]
    [InlineData("SELECT E'\\'; LISTEN a; --'")]
    [InlineData("SELECT \"set config\" FROM \"T\"")]
    [InlineData("WITH a AS (SELECT 1) SELECT * FROM a")]
    [InlineData("VALUES (1), (2)")]
    [InlineData("TABLE pg_settings")]
    [InlineData("((SELECT 1) UNION (SELECT 2))")]
    [InlineData("SHOW search_path")]
    [InlineData("EXPLAIN (ANALYZE, BUFFERS) SELECT 1")]
    [InlineData("EXPLAIN ANALYZE VERBOSE UPDATE t SET a = 1")]
    [InlineData("UPDATE t SET a = 1 WHERE b = 2 RETURNING c")]
    [InlineData("DELETE FROM t USING u WHERE t.a = u.a")]
    [InlineData("BEGIN")]
    [InlineData("START TRANSACTION ISOLATION LEVEL SERIALIZABLE")]
    [InlineData("SAVEPOINT a")]
    [InlineData("RELEASE SAVEPOINT a")]
    [InlineData("DECLARE c CURSOR FOR SELECT 1")]
    [InlineData("DECLARE c NO SCROLL CURSOR WITHOUT HOLD FOR SELECT 1")]
    [InlineData("FETCH 10 FROM c")]
    [InlineData("MOVE FORWARD ALL FROM c")]
    [InlineData("LOCK TABLE t IN SHARE MODE")]
    [InlineData("NOTIFY a, 'b'")]
    [InlineData("SELECT pg_notify('a', 'b'), random(), pg_advisory_xact_lock(1), current_setting('a.b', true)")]
    [InlineData("SELECT temp, hold FROM weather FOR UPDATE")]
    [InlineData("SELECT set_config('a.b', 'c', true)")]
    [InlineData("SELECT set_config($1, coalesce($2, 'x'), TRUE)")]
    [InlineData("SET LOCAL search_path TO a")]
    [InlineData("SET LOCAL ROLE a")]
    [InlineData("SET TRANSACTION READ ONLY")]
    [InlineData("SET SESSION TRANSACTION READ ONLY")]
    [InlineData("SET CONSTRAINTS ALL DEFERRED")]
    [InlineData("SET transaction_read_only = on")]
    [InlineData("COPY t TO STDOUT")]
    [InlineData("COPY (SELECT a FROM t) TO STDOUT")]
    [InlineData("SELECT '{\"a\": \"C:\\\\b\"}'")]
    [InlineData("SELECT 'a\\'")]
    [InlineData("DISCARD PLANS")]
    [InlineData("SELECT a.b.c, 1.5e10, .5, $1::int, x[1:2] FROM t WHERE a @> '{}' AND NOT b ?| array['c']")]
    public void Plain_texts_leave_nothing_and_are_the_shared_reading(string text) =>
        Assert.Same(SqlReading.Plain, Read(text));

    [Theory]
    [InlineData("INSERT INTO t VALUES (1)", Residue.Resettable, Touch.Sequence)]
    [InlineData("WITH a AS (INSERT INTO t VALUES (1) RETURNING b) SELECT * FROM a", Residue.Resettable, Touch.Sequence)]
    [InlineData("MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE", Residue.Resettable, Touch.Sequence)]
    [InlineData("COPY t FROM STDIN", Residue.Resettable, Touch.Sequence)]
    [InlineData("COPY t (a, b) FROM STDIN", Residue.Resettable, Touch.Sequence)]
    [InlineData("UPDATE t SET a = DEFAULT", Residue.Resettable, Touch.Sequence)]
    [InlineData("SELECT nextval('a')", Residue.Resettable, Touch.Sequence)]
    [InlineData("SELECT \"nextval\"('a')", Residue.Resettable, Touch.Sequence)]
    [InlineData("SELECT pg_catalog . NextVal ('a')", Residue.Resettable, Touch.Sequence)]
    [InlineData("SELECT currval('a')", Residue.None, Touch.ReadsSequence)]
    [InlineData("SELECT lastval()", Residue.None, Touch.ReadsSequence)]
    [InlineData("SELECT 1 INTO t", Residue.Resettable, Touch.Temp | Touch.Ddl)]
    [InlineData("SELECT 1 AS a INTO TEMP t", Residue.Resettable, Touch.Temp | Touch.Ddl)]
    [InlineData("CREATE TABLE t (a int)", Residue.Resettable, Touch.Ddl)]
    [InlineData("CREATE TEMP TABLE t (a int)", Residue.Resettable, Touch.Temp | Touch.Ddl)]
    [InlineData("create local temporary view v as select 1", Residue.Resettable, Touch.Temp | Touch.Ddl)]
    [InlineData("CREATE TABLE \"pg_temp\".t (a int)", Residue.Resettable, Touch.Temp | Touch.Ddl)]
    [InlineData("DROP TABLE t", Residue.Resettable, Touch.Ddl | Touch.Frees)]
    [InlineData("LISTEN a", Residue.Resettable, Touch.Listen)]
    [InlineData("UNLISTEN *", Residue.None, Touch.Frees)]
    [InlineData("DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT 1", Residue.Resettable, Touch.Cursor)]
    [InlineData("CLOSE c", Residue.None, Touch.Frees)]
    [InlineData("SELECT pg_advisory_lock(1)", Residue.Resettable, Touch.Lock)]
    [InlineData("SELECT pg_try_advisory_lock_shared(1)", Residue.Resettable, Touch.Lock)]
    [InlineData("SELECT pg_advisory_unlock(1)", Residue.None, Touch.Frees)]
    [InlineData("LOAD 'auto_explain'", Residue.Lasting, Touch.Lasting)]
    [InlineData("SELECT setseed(0.5)", Residue.Lasting, Touch.Lasting)]
    [InlineData("SET seed = 0.5", Residue.Lasting, Touch.Lasting)]
    [InlineData("SELECT set_config('seed', '0.5', false)", Residue.Lasting, Touch.Lasting)]
    [InlineData("SELECT set_config($1, 'x', false)", Residue.Resettable, Touch.ComputedName)]
    [InlineData("SELECT set_config('a.' || b, 'x', false) FROM t", Residue.Resettable, Touch.ComputedName)]
    [InlineData("UPDATE pg_settings SET setting = 'x' WHERE name = 'y'", Residue.Resettable, Touch.ComputedName)]
    [InlineData("UPDATE \"pg_settings\" SET setting = 'x'", Residue.Resettable, Touch.ComputedName)]
    [InlineData("DO $$ BEGIN PERFORM 1; END $$", Residue.ResettableWithStatements, Touch.HiddenCode)]
    [InlineData("DO $$ BEGIN LOAD 'x'; END $$", Residue.Lasting, Touch.HiddenCode | Touch.Lasting)]
    [InlineData("CALL p()", Residue.ResettableWithStatements, Touch.HiddenCode)]
    [InlineData("EXECUTE p", Residue.ResettableWithStatements, Touch.HiddenCode | Touch.Executes)]
    [InlineData("EXPLAIN ANALYZE EXECUTE p", Residue.ResettableWithStatements, Touch.HiddenCode | Touch.Executes)]
    [InlineData("CREATE TABLE t AS EXECUTE p", Residue.ResettableWithStatements,
        Touch.HiddenCode | Touch.Executes | Touch.Ddl)]
    [InlineData("FROBNICATE t", Residue.ResettableWithStatements, Touch.HiddenCode)]
    [InlineData("SELECT query_to_xml('SELECT 1', true, true, '')", Residue.ResettableWithStatements, Touch.HiddenCode)]
    [InlineData("SELECT ts_stat('SELECT f()')", Residue.ResettableWithStatements, Touch.HiddenCode)]
    [InlineData("TRUNCATE t RESTART IDENTITY", Residue.Resettable, Touch.None)]
    [InlineData("RESET ALL", Residue.None, Touch.AllSettings)]
    [InlineData("DISCARD TEMP", Residue.None, Touch.Frees)]
    [InlineData("DEALLOCATE ALL", Residue.None, Touch.Prepared | Touch.StatementsGone)]
    [InlineData("SELECT 1; LISTEN a; SELECT 2", Residue.Resettable, Touch.Listen)]
    public void What_a_text_leaves_and_touches(string text, Residue residue, Touch touch)
    {
        var reading = Read(text);
        Assert.Equal((residue, touch), (reading.Residue, reading.Touch));
    }

    [Theory]
    [InlineData("SET work_mem = '8MB'", "work_mem", "")]
    [InlineData("SET SESSION Work_Mem TO 8", "work_mem", "")]
    [InlineData("set \"TimeZone\" to default", "timezone", "timezone")]
    [InlineData("SET TIME ZONE 'UTC'", "timezone", "")]
    [InlineData("SET TIME ZONE LOCAL", "timezone", "timezone")]
    [InlineData("SET NAMES 'UTF8'", "client_encoding", "")]
    [InlineData("SET NAMES", "client_encoding", "client_encoding")]
    [InlineData("SET SCHEMA 'a'", "search_path", "")]
    [InlineData("SET ROLE a", "role", "")]
    [InlineData("SET role TO a", "role", "")]
    [InlineData("SET SESSION ROLE a", "role", "")]
    [InlineData("SET SESSION AUTHORIZATION a", "role session_authorization", "role")]
    [InlineData("RESET SESSION AUTHORIZATION", "session_authorization role", "session_authorization role")]
    [InlineData("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "default_transaction_isolation default_transaction_read_only default_transaction_deferrable", "")]
    [InlineData("SET XML OPTION DOCUMENT", "xmloption", "")]
    [InlineData("SET local.a = 'x'", "local.a", "")]
    [InlineData("SET session.a TO 'x'", "session.a", "")]
    [InlineData("SET a . b = 'x'", "a.b", "")]
    [InlineData("SET sort_mem = 64", "work_mem", "")]
    [InlineData("RESET work_mem", "work_mem", "work_mem")]
    [InlineData("RESET TIME ZONE", "timezone", "timezone")]
    [InlineData("SET a.b = 1; RESET a.b", "a.b", "a.b")]
    [InlineData("RESET a.b; SET a.b = 1", "a.b", "")]
    [InlineData("SELECT set_config('A.b', 'c', false)", "a.b", "")]
    [InlineData("SELECT set_config('a.b', f(1, 2), $1)", "a.b", "")]
    [InlineData("SELECT set_config('a.b', set_config('c.d', 'e', false), true)", "c.d", "")]
    [InlineData("WITH a AS (SELECT 1) SELECT pg_catalog.set_config('x.y', 'c', false) FROM a", "x.y", "")]
    public void Settings_are_known_by_name_and_leave_nothing_else(string text, string names, string resets)
    {
        var reading = Read(text);
        Assert.Equal(Residue.None, reading.Residue);
        Assert.Equal(Touch.Settings, reading.Touch);
        Assert.Equal(names, string.Join(' ', reading.Names));
        Assert.Equal(resets, string.Join(' ', reading.ResetNames));
    }

    [Theory]
    [InlineData("SET a = 1; RESET ALL", "a")]
    [InlineData("RESET ALL; SET a = 1", "")]
    [InlineData("SET a = 1; DISCARD ALL", "a")]
    public void A_reset_of_all_is_one_of_what_was_touched_before(string text, string resets)
    {
        Assert.Equal(resets, string.Join(' ', Read(text).ResetNames));
        var parts = text.Split(';');
        Assert.Equal(resets, string.Join(' ', SqlReading.Join(Read(parts[0]), Read(parts[1])).ResetNames));
    }

    [Theory]
    [InlineData("PREPARE a AS SELECT 1", "a", "", Touch.Prepared)]
    [InlineData("PREPARE A (int, numeric(10,2)) AS SELECT $1", "a", "", Touch.Prepared)]
    [InlineData("PREPARE \"A b\" AS UPDATE t SET a = $1", "A b", "", Touch.Prepared)]
    [InlineData("PREPARE a AS INSERT INTO t VALUES ($1)", "a", "", Touch.Prepared | Touch.Sequence)]
    [InlineData("PREPARE a AS SELECT pg_advisory_lock($1)", "a", "", Touch.Prepared | Touch.Lock)]
    [InlineData("DEALLOCATE a", "", "a", Touch.Prepared | Touch.Deallocates)]
    [InlineData("DEALLOCATE PREPARE \"A\"", "", "A", Touch.Prepared | Touch.Deallocates)]
    [InlineData("DEALLOCATE PREPARE", "", "prepare", Touch.Prepared | Touch.Deallocates)]
    public void Statements_are_known_by_name(string text, string prepared, string deallocated, Touch touch)
    {
        var reading = Read(text);
        Assert.Equal(prepared, string.Join(' ', reading.PreparedNames));
        Assert.Equal(deallocated, string.Join(' ', reading.Deallocated));
        Assert.Equal(touch, reading.Touch);
    }

    [Theory]
    [InlineData("COMMIT", true)]
    [InlineData("END", true)]
    [InlineData("ABORT", true)]
    [InlineData("ROLLBACK TO SAVEPOINT a", true)]
    [InlineData("PREPARE TRANSACTION 'a'", true)]
    [InlineData("SELECT 1; ROLLBACK; SELECT 2", true)]
    [InlineData("SELECT CASE WHEN a THEN 1 END", false)]
    [InlineData("BEGIN", false)]
    public void What_ends_a_transaction_is_told_and_leaves_nothing(string text, bool ends)
    {
        var reading = Read(text);
        Assert.Equal(ends, reading.EndsTransaction);
        Assert.Equal((Residue.None, Touch.None), (reading.Residue, reading.Touch));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("  ;; -- nothing", 0)]
    [InlineData("/* nothing */", 0)]
    [InlineData("SELECT 1;", 1)]
    [InlineData(";SELECT 1;;SELECT 2", 2)]
    public void Statements_are_counted(string text, int count)
    {
        Assert.Equal(count, Read(text).Statements);
        Assert.Equal(count == 0, Read(text).IsEmpty);
    }

    public static TheoryData<byte[]> Hostile => new()
    {
        // With standard_conforming_strings off, the backslash keeps the literal open, and the comment is none.
        "SELECT 'a\\'' ; SET ROLE b; --'"u8.ToArray(),
        "SELECT 'a\\' ; LISTEN x; --'"u8.ToArray(),
        // Half a character of Shift-JIS before the quote.
        "SELECT E'\u0083\\' ; LISTEN x; --'"u8.ToArray(),
        // A dollar tag whose second half looks like a backslash to us.
        "SELECT $\x83\x5c$ ' $\x83\x5c$ ; SET ROLE b; --'"u8.ToArray(),
        "SELECT E'a'\n'b\\' ; LISTEN x; --'"u8.ToArray(),
        "SELECT U&\"set\\005fconfig\"('a.b', 'c', false)"u8.ToArray(),
        "SELECT 'a"u8.ToArray(),
        "SELECT \"a"u8.ToArray(),
        "SELECT $a$ b"u8.ToArray(),
        "SELECT 1 /* /* */"u8.ToArray(),
        "SELECT 1\0; LISTEN a"u8.ToArray(),
        "SELECT \\ 1"u8.ToArray(),
        "SELECT \"a\"\"b\"()"u8.ToArray(),
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void What_cannot_be_read_for_sure_is_not_plain(byte[] text) =>
        Assert.True(SqlReader.Read(text, Harmless).Residue != Residue.None
            || SqlReader.Read(text, Harmless).Touch.HasFlag(Touch.Settings));

    [Fact]
    public void A_backslash_in_a_plain_literal_is_read_both_ways()
    {
        var reading = Read("SELECT 'a\\'' ; SET ROLE b; --'");
        Assert.Equal(["role"], reading.Names);
        Assert.Equal(Touch.Listen, Read("SELECT 'a\\'', ' ; LISTEN x; --'").Touch);
    }

    [Fact]
    public void A_long_text_is_read_to_its_bound()
    {
        var reading = Read("SELECT '" + new string('a', SqlReader.BytesMax) + "'");
        Assert.Equal(Residue.ResettableWithStatements, reading.Residue);
        Assert.True(reading.EndsTransaction);
        Assert.Equal(Residue.Lasting, Read(new string(' ', SqlReader.BytesMax) + "LOAD 'x'").Residue);
        Assert.Equal(["a"], Read("SET a = 1;" + new string(' ', SqlReader.BytesMax)).Names);
    }

    [Fact]
    public void Names_beyond_the_bound_are_not_known()
    {
        var text = string.Concat(Enumerable.Range(0, 100).Select(i => $"SET a.b{i} = 1;"));
        var reading = Read(text);
        Assert.Equal(64, reading.Names.Count);
        Assert.Equal(Residue.Resettable, reading.Residue);
        Assert.True(reading.Touch.HasFlag(Touch.ComputedName));
    }

    [Fact]
    public void Without_facts_only_the_session_s_own_words_are_plain()
    {
        Assert.Equal(Residue.ResettableWithStatements, SqlReader.Read("SELECT 1"u8, CatalogueFacts.Unknown).Residue);
        var write = SqlReader.Read("DELETE FROM t"u8, CatalogueFacts.Unknown);
        Assert.Equal(Residue.ResettableWithStatements, write.Residue);
        foreach (var text in new[] { "BEGIN", "SHOW a", "SET a = 1", "NOTIFY a" })
            Assert.Equal(Residue.None, SqlReader.Read(Encoding.ASCII.GetBytes(text), CatalogueFacts.Unknown).Residue);
    }

    [Fact]
    public void Common_texts_are_read_without_allocating()
    {
        var texts = new[]
        {
            "SELECT abalance FROM pgbench_accounts WHERE aid = 12345;", "BEGIN", "COMMIT", "BEGIN; SELECT 1",
            "INSERT INTO t VALUES (1)", "UPDATE t SET a = 'C:\\b' WHERE c = $1", "SELECT lastval()",
        }.Select(Encoding.UTF8.GetBytes).ToArray();
        Array.ForEach(texts, text => SqlReader.Read(text, Harmless));
        Assert.Equal(0, Allocated.By(() =>
        {
            foreach (var text in texts)
                SqlReader.Read(text, Harmless);
        }));
    }

    private static SqlReading Read(string text) => SqlReader.Read(Encoding.UTF8.GetBytes(text), Harmless);
}
