using System.Text;
using Weir.Core.Pooling.Catalogue;
using Weir.Core.Pooling.Sql;

namespace Weir.Tests.Pooling.Sql;

public sealed class StatementUsesTests
{
    private static readonly CatalogueFacts Harmless = new([], Residue.None, []);

    [Theory]
    [InlineData("execute q", "Execute q")]
    [InlineData("EXECUTE Q(1, 'x');", "Execute q")]
    [InlineData(" Execute\n \"Q 2\" (1)", "Execute Q 2")]
    [InlineData("execute \"a\"\"b\"", "Execute a\"b")]
    [InlineData("/* why */ execute -- it\n q", "Execute q")]
    [InlineData("explain execute q", "Execute q")]
    [InlineData("EXPLAIN ANALYZE VERBOSE EXECUTE q", "Execute q")]
    [InlineData("explain (analyze, format json) execute q(1)", "Execute q")]
    [InlineData("create table t as execute q", "Create q")]
    [InlineData("CREATE TEMP TABLE IF NOT EXISTS t (a, b) WITH (fillfactor=70) ON COMMIT DROP AS EXECUTE q(1)",
        "Create q")]
    [InlineData("explain create table t as execute q", "Create q")]
    [InlineData("deallocate q", "Deallocate q")]
    [InlineData("DEALLOCATE PREPARE \"Q\"", "Deallocate Q")]
    [InlineData("deallocate prepare", "Deallocate prepare")]
    [InlineData("deallocate prepare all", "ForgetAll ")]
    [InlineData("deallocate all; discard all", "ForgetAll |ForgetAll ")]
    [InlineData("prepare q (int) as select $1; execute q(1); deallocate q", "Prepare q|Execute q|Deallocate q")]
    [InlineData("select 1; execute q; ; execute r", "Execute q|Execute r")]
    [InlineData("prepare transaction as select 1", "Prepare transaction")]
    [InlineData("execute q('a\\b'); execute r('b')", "Execute q|Execute r")]
    public void Every_name_is_found_with_what_is_done_to_it(string text, string expected) =>
        Assert.Equal(expected, Shown(text));

    [Theory]
    [InlineData("")]
    [InlineData("execute")]
    [InlineData("execute;")]
    [InlineData("executes q")]
    [InlineData("execute 'q'")]
    [InlineData("explain (analyze) select 1")]
    [InlineData("explain ((select 1))")]
    [InlineData("explain")]
    [InlineData("select execute from t; select 'execute q'; select $$ execute q $$ -- execute q")]
    [InlineData("create trigger t after insert on a execute function f()")]
    [InlineData("create view v as select 1 as execute")]
    [InlineData("create table t (a int default 1)")]
    [InlineData("create table t as select 1 as execute")]
    [InlineData("prepare transaction 'x'")]
    [InlineData("discard temp")]
    [InlineData("execute \"q")]
    [InlineData("execute U&\"\\0071\"")]
    [InlineData("execute q('a\\'); execute r('b')")]
    public void Where_none_is_named_or_nobody_can_tell_nothing_is_found(string text) =>
        Assert.Equal("", Shown(text));

    [Theory]
    [InlineData("execute q", true)]
    [InlineData("explain execute q", true)]
    [InlineData("create table t as execute q", true)]
    [InlineData("select 1; execute q", true)]
    [InlineData("select execute from t", false)]
    [InlineData("create table t (a int)", false)]
    public void The_reading_says_where_to_look(string text, bool expected) =>
        Assert.Equal(expected,
            (SqlReader.Read(Encoding.UTF8.GetBytes(text), Harmless).Touch & Touch.Executes) != 0);

    [Fact]
    public void Places_are_those_of_the_name_with_its_quotes()
    {
        const string text = "execute \"a b\" (1); execute q;";
        var uses = StatementUses.Find(Encoding.UTF8.GetBytes(text));
        Assert.Equal(["\"a b\"", "q"], uses.Select(use => text[use.Start..use.End]));
    }

    /// <summary>Whatever is cut off, a place is within the text and what stands there reads as the name.</summary>
    [Fact]
    public void No_beginning_of_a_text_leads_astray()
    {
        const string text =
            "explain (analyze) create temp table t (a) as execute \"q\" (1); deallocate prepare Q; execute r";
        for (var length = 0; length <= text.Length; length++)
        {
            var bytes = Encoding.UTF8.GetBytes(text[..length]);
            foreach (var use in StatementUses.Find(bytes))
            {
                Assert.InRange(use.Start, 0, use.End);
                Assert.InRange(use.End, use.Start, length);
                Assert.Equal(use.Name, text[use.Start..use.End].Trim('"').ToLowerInvariant());
            }
        }
    }

    private static string Shown(string text) => string.Join('|',
        StatementUses.Find(Encoding.UTF8.GetBytes(text)).Select(use => $"{use.Kind} {use.Name}"));
}
