using Weir.Core.Processes;

namespace Weir.Tests.Processes;

public sealed class FormationTextTests
{
    [Theory]
    [InlineData("web=4", "web:4")]
    [InlineData("web=4,worker=2", "web:4 worker:2")]
    [InlineData("web=4 worker=0", "web:4 worker:0")]
    [InlineData("web=1,web=3", "web:3")]
    public void Counts_are_read(string text, string expected) =>
        Assert.Equal(expected,
            string.Join(' ', FormationText.Parse(text, out _)!.Select(pair => $"{pair.Key}:{pair.Value}")));

    [Theory]
    [InlineData("")]
    [InlineData("web")]
    [InlineData("web=")]
    [InlineData("=4")]
    [InlineData("web=-1")]
    [InlineData("web=1001")]
    [InlineData("web=4,worker")]
    public void What_is_none_is_told_with_an_example(string text)
    {
        Assert.Null(FormationText.Parse(text, out var problem));
        Assert.Contains("web=4", problem);
    }
}
