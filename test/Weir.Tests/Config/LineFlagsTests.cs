using Weir.Config;
using Weir.Core.Processes;

namespace Weir.Tests.Config;

public sealed class LineFlagsTests
{
    [Theory]
    [InlineData("weir run --no-pool -- CMD", "pool.enabled=off")]
    [InlineData("weir run --no-pool --slots 2 -- CMD", "pool.enabled=off slots=2")]
    [InlineData("weir run --pool 127.0.0.1:6432 --mode session -- CMD", "run.pool=127.0.0.1:6432 pool.mode=session")]
    [InlineData("weir run --pool-size=5 -- CMD", "pool.size=5")]
    public void A_lines_flags_are_settings(string line, string settings)
    {
        var flags = LineFlags.Read(SelfLine.Read(line).Flags, out var problem);
        Assert.Equal("", problem);
        Assert.Equal(settings, string.Join(' ', flags!.Select(pair => $"{pair.Key}={pair.Value}")));
    }
}
