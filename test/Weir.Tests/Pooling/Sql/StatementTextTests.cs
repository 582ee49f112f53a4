using System.Text;
using Weir.Core.Pooling.Sql;

namespace Weir.Tests.Pooling.Sql;

public class StatementTextTests
{
    [Theory]
    [InlineData("SELECT 1 /*controller='a',action='b'*/", "SELECT 1", "controller='a',action='b'")]
    [InlineData("SELECT 1 /*a:b*/;", "SELECT 1", "a:b")]
    [InlineData("SELECT 1; /* a */", "SELECT 1", "a")]
    [InlineData("/* a */ SELECT 1 /* b */", "SELECT 1", "a")]
    [InlineData("SELECT /* a */ 1 /* b */", "SELECT   1", "b")]
    [InlineData("SELECT/**/1", "SELECT 1", "")]
    [InlineData("SELECT 1 -- a", "SELECT 1", "a")]
    [InlineData("SELECT 1 -- a\n+ 2", "SELECT 1\n+ 2", "a")]
    [InlineData("SELECT 1 /* a /* b */ c */ + 2", "SELECT 1 + 2", "a /* b */ c")]
    [InlineData("SELECT 'a' -- b\n 'c'", "SELECT 'a'\n'c'", "b")]
    [InlineData("SELECT 'a' /* b */\n 'c'", "SELECT 'a' 'c'", "b")]
    [InlineData("SELECT 1 +/* a */- 2", "SELECT 1 + - 2", "a")]
    [InlineData("SELECT '/* a */', \"-- b\", $$ -- c $$, $x$ /* d */ $x$, E'\\'-- e'", null, "")]
    [InlineData("/*+ SeqScan(t) */ SELECT 1 /* a */", "/*+ SeqScan(t) */ SELECT 1", "a")]
    [InlineData("/* a */ /*+ SeqScan(t) */ SELECT 1", "/*+ SeqScan(t) */ SELECT 1", "a")]
    [InlineData("SELECT 1", null, "")]
    [InlineData("  SELECT  1 ;; \n", "SELECT  1", "")]
    [InlineData("SELECT 1; SELECT 2;", "SELECT 1; SELECT 2", "")]
    [InlineData("-- a", "", "a")]
    [InlineData("", "", "")]
    // With standard_conforming_strings off the comment is within a literal, or the literal is within a comment.
    [InlineData("SELECT 'a\\' /* b */, ' /* c */'", null, "")]
    [InlineData("SELECT 'C:\\a' /* b */", "SELECT 'C:\\a'", "b")]
    [InlineData("SELECT 'a", null, "")]
    [InlineData("SELECT 1 /* a", null, "")]
    [InlineData("SELECT E'a' -- b\n 'c\\''", null, "")]
    public void Comments_are_no_part_of_the_identity(string text, string? identity, string comment)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var into = new byte[bytes.Length];
        var length = StatementText.Strip(bytes, into, out var at);
        // A blank stands for each comment, also beside another blank: only sameness matters.
        Assert.Equal(Squeeze(identity ?? text), Squeeze(Encoding.UTF8.GetString(into, 0, length)));
        Assert.Equal(comment, Encoding.UTF8.GetString(bytes[at]));
        if (comment != "")
            Assert.True(StatementText.HasComment(bytes));
    }

    [Fact]
    public void Executions_that_differ_in_comments_alone_are_one_statement()
    {
        Assert.Equal(Strip("SELECT 1 /*traceparent='00-1'*/"), Strip("SELECT 1 /*traceparent='00-2'*/"));
        Assert.Equal(Strip("SELECT 1 /*traceparent='00-1'*/"), Strip("SELECT 1"));
    }

    private static string Strip(string text)
    {
        var into = new byte[text.Length];
        return Encoding.UTF8.GetString(into, 0, StatementText.Strip(Encoding.UTF8.GetBytes(text), into, out _));
    }

    private static string Squeeze(string text)
    {
        while (text.Contains("  ", StringComparison.Ordinal))
            text = text.Replace("  ", " ", StringComparison.Ordinal);
        return text;
    }
}
