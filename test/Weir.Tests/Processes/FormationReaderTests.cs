using Weir.Core.Processes;

namespace Weir.Tests.Processes;

public sealed class FormationReaderTests
{
    [Theory]
    [InlineData("web=2,worker=1", "web=2 worker=1")]
    [InlineData(" web = 2 , worker=0 ", "web=2 worker=0")]
    [InlineData("all=1", "all=1")]
    [InlineData("all=0,web=100", "all=0 web=100")]
    [InlineData("web=007", "web=7")]
    [InlineData("", "")]
    [InlineData(",", "")]
    public void A_formation_says_how_many_of_which(string text, string pairs)
    {
        var formation = FormationReader.Read(text, out var problem);
        Assert.Equal("", problem);
        Assert.Equal(pairs, string.Join(' ', formation!.Select(pair => $"{pair.Key}={pair.Value}")));
    }

    [Theory]
    [InlineData("web", "'web' is not TYPE=NUMBER; write it like web=2,worker=1")]
    [InlineData("=2", "is not TYPE=NUMBER")]
    [InlineData("we b=2", "is not TYPE=NUMBER")]
    [InlineData("web=", "does not end with a number")]
    [InlineData("web=-1", "number of instances from 0 to 100")]
    [InlineData("web=101", "number of instances from 0 to 100")]
    [InlineData("web=2.5", "number of instances")]
    [InlineData("web=99999999999", "number of instances")]
    [InlineData("web=1,web=2", "web is given twice")]
    public void What_is_none_is_told(string text, string problem)
    {
        Assert.Null(FormationReader.Read(text, out var told));
        Assert.Contains(problem, told, StringComparison.Ordinal);
    }
}
