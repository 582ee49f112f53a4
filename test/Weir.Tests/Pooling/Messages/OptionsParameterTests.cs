using Weir.Core.Pooling.Messages;

namespace Weir.Tests.Pooling.Messages;

public sealed class OptionsParameterTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  \t\n", "")]
    [InlineData("-c a=b", "a=b")]
    [InlineData("-ca=b", "a=b")]
    [InlineData("--a=b", "a=b")]
    [InlineData("  -c   a=b  --c=d -ce=f ", "a=b|c=d|e=f")]
    [InlineData("-c\u000Ba=b", "a=b")]
    [InlineData("-c a=", "a=")]
    [InlineData("-c a=b=c", "a=b=c")]
    [InlineData("-c a=b -c a=c", "a=b|a=c")]
    [InlineData("--statement-timeout=5s", "statement_timeout=5s")]
    [InlineData("-c search_path=a,\\ b", "search_path=a, b")]
    [InlineData("-c a=\\\\b\\-", "a=\\b-")]
    [InlineData("-c a=b\\", "a=b")]
    [InlineData("-c my.x$1=--c", "my.x$1=--c")]
    [InlineData("\\-c a=b", "a=b")]
    [InlineData("-c geqo=off --é=x", "geqo=off|é=x")]
    public void Settings_are_read_as_the_server_reads_them(string options, string settings)
    {
        var into = new List<KeyValuePair<string, string>>();
        Assert.True(OptionsParameter.TryRead(options, into, out var problem), problem);
        Assert.Equal(settings, string.Join('|', into.Select(pair => $"{pair.Key}={pair.Value}")));
        Assert.Empty(problem);
    }

    [Theory]
    [InlineData("-c", "requires a value")]
    [InlineData("-c a", "requires a value")]
    [InlineData("-ca", "requires a value")]
    [InlineData("--a", "requires a value")]
    [InlineData("--", "requires a value")]
    [InlineData("-c =b", "not the name")]
    [InlineData("--=b", "not the name")]
    [InlineData("-c 1a=b", "not the name")]
    [InlineData("-c a.=b", "not the name")]
    [InlineData("-c .a=b", "not the name")]
    [InlineData("-c a;b=c", "not the name")]
    [InlineData("-c a\\ b=c", "not the name")]
    [InlineData("-c a\\'b=c", "not the name")]
    [InlineData("a=b", "\"a=b\" is not supported")]
    [InlineData("-c a=b c", "\"c\" is not supported")]
    [InlineData("-d 5", "\"-d\" is not supported")]
    [InlineData("-C a=b", "\"-C\" is not supported")]
    [InlineData("\\", "\"\" is not supported")]
    public void Anything_else_is_a_problem_in_words(string options, string problem)
    {
        Assert.False(OptionsParameter.TryRead(options, [], out var words));
        Assert.Contains(problem, words, StringComparison.Ordinal);
    }
}
