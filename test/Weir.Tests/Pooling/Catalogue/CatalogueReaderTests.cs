using System.Text;
using Weir.Core.Pooling.Catalogue;
using Weir.Core.Pooling.Sql;

namespace Weir.Tests.Pooling.Catalogue;

public class CatalogueReaderTests
{
    [Theory]
    [InlineData("select a + 1 from t", Residue.None)]
    [InlineData("begin update t as u set a = 1; return new; end", Residue.None)]
    [InlineData("begin update only s.t set a = 1 where b; end", Residue.None)]
    [InlineData("begin perform set_config('a.b', 'c', true); end", Residue.None)]
    [InlineData("begin set local work_mem = 1; end", Residue.None)]
    [InlineData("begin perform pg_advisory_xact_lock(1); end", Residue.None)]
    [InlineData("declare a int := 1; begin return a; end -- set listen execute", Residue.None)]
    [InlineData("begin return 'execute'; end", Residue.None)]
    [InlineData("begin perform set_config('a.b', 'c', false); end", Residue.Resettable)]
    [InlineData("begin perform \"set_config\"(a, b, c); end", Residue.Resettable)]
    [InlineData("begin set work_mem = 1; end", Residue.Resettable)]
    [InlineData("begin for a in select 1 from t for update loop set work_mem = 1; end loop; end", Residue.Resettable)]
    [InlineData("begin update t set a = 1; set b.c = 1; end", Residue.Resettable)]
    [InlineData("begin if a then /* update t */ set role x; end if; end", Residue.Resettable)]
    [InlineData("begin set local.a = 1; end", Residue.Resettable)]
    [InlineData("begin reset work_mem; end", Residue.Resettable)]
    [InlineData("begin listen a; end", Residue.Resettable)]
    [InlineData("begin create temp table a (b int); end", Residue.Resettable)]
    [InlineData("insert into t values (1)", Residue.Resettable)]
    [InlineData("update t set a = default", Residue.Resettable)]
    [InlineData("select nextval('a')", Residue.Resettable)]
    [InlineData("select pg_try_advisory_lock(1)", Residue.Resettable)]
    [InlineData("begin execute a; end", Residue.ResettableWithStatements)]
    [InlineData("begin return query execute 'select 1'; end", Residue.ResettableWithStatements)]
    [InlineData("begin do $$ begin end $$; end", Residue.ResettableWithStatements)]
    [InlineData("select query_to_xml('select 1', true, true, '')", Residue.ResettableWithStatements)]
    [InlineData("select 'a", Residue.ResettableWithStatements)]
    [InlineData("select E'a'\n'b\\'", Residue.ResettableWithStatements)]
    [InlineData("select setseed(0.5)", Residue.Lasting)]
    [InlineData("load 'x'", Residue.Lasting)]
    [InlineData("begin set seed = 0.5; end", Residue.Resettable)]
    public void A_source_tells_what_a_function_leaves(string source, Residue residue)
    {
        var facts = Build(["f", "fn", "plpgsql ", source]);
        Assert.Equal(residue, facts.Of("fn"u8));
        Assert.Equal(residue, SqlReader.Read("SELECT fn(1)"u8, facts).Residue);
        Assert.Equal(Residue.None, SqlReader.Read("SELECT other(1)"u8, facts).Residue);
        Assert.False(facts.HasHiddenReach);
    }

    [Fact]
    public void Who_calls_a_dangerous_function_is_dangerous()
    {
        var facts = Build(
            ["f", "a", "sql ", "select b()"], ["f", "b", "sql ", "select \"C\"()"],
            ["f", "C", "plpgsql ", "begin perform set_config('x.y', 'z', false); execute q; end"],
            ["f", "d", "sql ", "select c()"],
            ["e", "agg", "", "a"]);
        foreach (var name in new[] { "a", "b", "C", "agg" })
            Assert.Equal(Residue.ResettableWithStatements, facts.Of(Encoding.ASCII.GetBytes(name)));
        Assert.Equal(Residue.None, facts.Of("d"u8));
        var reading = SqlReader.Read("SELECT agg(1)"u8, facts);
        Assert.Equal(["x.y"], reading.Names);
        Assert.True(reading.Touch.HasFlag(Touch.HiddenCode));
        Assert.Equal(Residue.None, SqlReader.Read("SELECT c()"u8, facts).Residue);
        Assert.Equal(Residue.ResettableWithStatements, SqlReader.Read("SELECT \"C\"()"u8, facts).Residue);
    }

    [Theory]
    [InlineData("h", "set_config", "", "", Residue.Resettable)]
    [InlineData("h", "length", "", "", Residue.None)]
    [InlineData("i", "nextval", "", "", Residue.None)]
    [InlineData("i", "setseed", "", "", Residue.Lasting)]
    [InlineData("r", "rule", "", "", Residue.Resettable)]
    public void What_is_reached_without_its_name_makes_every_text_leave_something(
        string kind, string name, string detail, string source, Residue floor)
    {
        var facts = Build([kind, name, detail, source]);
        Assert.Equal(floor != Residue.None, facts.HasHiddenReach);
        Assert.Equal(floor, SqlReader.Read("SELECT 1"u8, facts).Residue);
        Assert.Equal(Residue.None, SqlReader.Read("BEGIN"u8, facts).Residue);
    }

    [Fact]
    public void A_trigger_that_sets_is_asked_after_each_write()
    {
        var facts = Build(
            ["f", "tg", "plpgsql ", "begin perform set_config('x.y', new.a, false); return new; end"],
            ["h", "tg", "", ""]);
        Assert.Equal(["x.y"], SqlReader.Read("UPDATE t SET a = 1"u8, facts).Names);
        Assert.Empty(SqlReader.Read("SELECT 1"u8, facts).Names);
        Assert.Equal(Residue.Resettable, SqlReader.Read("SELECT 1"u8, facts).Residue);
    }

    [Theory]
    [InlineData("c postgis", "st_area", Residue.None)]
    [InlineData("c pg_trgm", "set_limit", Residue.Resettable)]
    [InlineData("c tablefunc", "crosstab", Residue.ResettableWithStatements)]
    [InlineData("c dblink", "dblink_connect", Residue.Lasting)]
    [InlineData("c ", "mine", Residue.ResettableWithStatements)]
    [InlineData("plpython3u ", "mine", Residue.ResettableWithStatements)]
    [InlineData("internal ", "mine", Residue.ResettableWithStatements)]
    public void What_cannot_be_read_is_dangerous_unless_it_is_known(string detail, string name, Residue residue) =>
        Assert.Equal(residue, Build(["f", name, detail, "x"]).Of(Encoding.ASCII.GetBytes(name)));

    [Fact]
    public void A_volatile_built_in_function_that_is_new_is_dangerous()
    {
        var facts = Build(
            ["b", "pg_new_thing", "", ""], ["b", "clock_timestamp", "", ""], ["b", "pg_stat_reset", "", ""]);
        Assert.Equal(Residue.ResettableWithStatements, facts.Of("pg_new_thing"u8));
        Assert.Equal(Residue.None, facts.Of("clock_timestamp"u8));
        Assert.Equal(Residue.None, facts.Of("pg_stat_reset"u8));
    }

    [Fact]
    public void Updates_of_a_view_over_pg_settings_set()
    {
        var facts = Build(["r", "pg_settings", "", ""]);
        Assert.True(SqlReader.Read("UPDATE v SET setting = 'a'"u8, facts).Touch.HasFlag(Touch.HiddenCode));
    }

    [Fact]
    public void A_name_beyond_ASCII_makes_all_such_names_dangerous()
    {
        var facts = Build(["f", "\u00e9", "plpgsql ", "begin execute a; end"]);
        Assert.Equal(Residue.None, SqlReader.Read("SELECT a FROM b"u8, facts).Residue);
        Assert.Equal(Residue.ResettableWithStatements, SqlReader.Read("SELECT \u00c9t\u00e9()"u8, facts).Residue);
    }

    [Fact]
    public void A_name_that_is_cut_off_is_found()
    {
        var name = new string('f', 63);
        var facts = Build(["f", name, "plpgsql ", "begin execute a; end"]);
        var text = Encoding.ASCII.GetBytes($"SELECT {name}gh()");
        Assert.Equal(Residue.ResettableWithStatements, SqlReader.Read(text, facts).Residue);
    }

    [Fact]
    public void Without_rows_nothing_is_known() => Assert.Same(CatalogueFacts.Unknown, new CatalogueReader().Build());

    private static CatalogueFacts Build(params string[][] rows)
    {
        var reader = new CatalogueReader();
        // A catalogue is never empty.
        reader.Row("b"u8, "random"u8, default, default);
        foreach (var row in rows)
        {
            var parts = Array.ConvertAll(row, Encoding.UTF8.GetBytes);
            reader.Row(parts[0], parts[1], parts[2], parts[3]);
        }

        return reader.Build();
    }
}
