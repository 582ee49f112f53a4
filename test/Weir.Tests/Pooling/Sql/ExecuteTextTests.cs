using System.Text;
using Weir.Core.Pooling.Sql;

namespace Weir.Tests.Pooling.Sql;

public sealed class ExecuteTextTests
{
    [Theory]
    [InlineData("execute q", "q", "")]
    [InlineData("EXECUTE q(1, 'x')", "q", "(1, 'x')")]
    [InlineData(" Execute\n q_2;", "q_2", ";")]
    [InlineData("execute \"a b\" (1)", "a b", " (1)")]
    [InlineData("execute /* why */ q\n(1)", "q", "\n(1)")]
    public void A_plain_name_is_found_with_what_follows_it(string text, string name, string rest)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.True(ExecuteText.TryRead(bytes, out var found, out var at));
        Assert.Equal((name, rest), (Encoding.UTF8.GetString(found), text[at..]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("execute")]
    [InlineData("execute;")]
    [InlineData("executes q")]
    [InlineData("explain execute q")]
    [InlineData("execute Q")]
    [InlineData("execute \"a\"\"b\"")]
    [InlineData("execute \"a")]
    [InlineData("execute 'q'")]
    [InlineData("execute \u00e9")]
    public void Anything_else_is_left_alone(string text) =>
        Assert.False(ExecuteText.TryRead(Encoding.UTF8.GetBytes(text), out _, out _));
}
