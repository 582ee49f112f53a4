using Weir.Processes;

namespace Weir.Tests.Processes;

public sealed class FirstLimitTests
{
    [Theory]
    [InlineData("524288 524288", "7 bash", "1024 524288", 1024L)]
    [InlineData("4096 4096", "7 bash", "1000 4096", 1000L)]
    [InlineData("4096 4096", "7 bash", "4096 4096", null)]
    [InlineData("4096 4096", "7 bash", "1024 1048576", null)]
    [InlineData("1024 4096", "7 bash", "4096 4096", null)]
    [InlineData("524288 524288", "1 systemd", "1048576 1048576", 1024L)]
    [InlineData("65536 65536", "1 systemd", "1048576 1048576", null)]
    [InlineData("524288 524288", "900 systemd", "524288 524288", 1024L)]
    [InlineData("4096 4096", "1 tini", "1024 4096", 1024L)]
    [InlineData("524288 524288", "0", "", 1024L)]
    [InlineData("1048576 1048576", "0", "", null)]
    [InlineData("unlimited unlimited", "7 bash", "1024 unlimited", 1024L)]
    public void The_first_limit_is_the_parents_or_systemds(string own, string parent, string parents, long? soft)
    {
        var (number, name) = (parent.Split(' ')[0], parent.Split(' ')[^1]);
        Assert.Equal(soft, FirstLimit.Find(path => path switch
        {
            "/proc/self/limits" => Limits(own),
            "/proc/self/stat" => $"42 (weir) (x) S {number} 42 42 0",
            _ when path == $"/proc/{number}/comm" => name + "\n",
            _ when path == $"/proc/{number}/limits" => Limits(parents),
            _ => throw new FileNotFoundException(path),
        }));
    }

    [Fact]
    public void Without_a_proc_nothing_is_known() =>
        Assert.Null(FirstLimit.Find(path => throw new FileNotFoundException(path)));

    private static string Limits(string pair) =>
        $"Limit   Soft Limit  Hard Limit Units\nMax open files            {pair.Replace(" ", "    ")}      files\n"
            + "Max locked memory 1 1 bytes\n";
}
