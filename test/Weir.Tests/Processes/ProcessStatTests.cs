using Weir.Core.Processes;

namespace Weir.Tests.Processes;

public sealed class ProcessStatTests
{
    private const string Rest =
        " 1 2 0 34816 7 4194304 125 0 0 0 0 0 0 0 20 0 1 0 987654321 2875392 223 18446744073709551615 1";

    [Theory]
    [InlineData("7 (sh) S 4 5 6")]
    [InlineData("7 (a) b) S (c)) S 4 5 6")]
    public void The_name_may_hold_what_it_likes(string start)
    {
        var stat = ProcessStat.Read(start + Rest[6..])!;
        Assert.Equal(('S', 4, 5, 6), (stat.State, stat.Parent, stat.Group, stat.Session));
        Assert.False(stat.IsEnded);
    }

    [Fact]
    public void The_start_is_field_22()
    {
        var fields = string.Join(' ', Enumerable.Range(4, 40));
        Assert.Equal(22, ProcessStat.Read($"1 (x) R {fields}")!.StartTicks);
        Assert.True(ProcessStat.Read($"1 (x) Z {fields}")!.IsEnded);
    }

    [Fact]
    public void Every_shorter_text_is_none()
    {
        var whole = "1 (x) R " + string.Join(' ', Enumerable.Range(4, 19));
        for (var length = 0; length < whole.Length - 1; length++)
            Assert.Null(ProcessStat.Read(whole[..length]));
        Assert.NotNull(ProcessStat.Read(whole));
    }
}
