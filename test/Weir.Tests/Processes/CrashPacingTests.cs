using Weir.Core.Processes;

namespace Weir.Tests.Processes;

public sealed class CrashPacingTests
{
    private const long Second = 1_000_000;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(9, 256)]
    [InlineData(10, 512)]
    [InlineData(11, 600)]
    [InlineData(1_000, 600)]
    public void The_pause_doubles_from_a_second_to_ten_minutes(int crashes, long seconds) =>
        Assert.Equal(seconds * Second, CrashPacing.PauseAfter(crashes));

    [Fact]
    public void Crashes_in_a_row_pause_longer_and_the_third_makes_a_loop()
    {
        var pacing = new CrashPacing();
        Assert.Equal(1 * Second, pacing.Crash(0));
        Assert.Equal(2 * Second, pacing.Crash(59 * Second));
        Assert.False(pacing.IsLoop);
        Assert.Equal(4 * Second, pacing.Crash(0));
        Assert.True(pacing.IsLoop);
    }

    [Fact]
    public void A_minute_in_service_forgets_earlier_crashes()
    {
        var pacing = new CrashPacing();
        for (var crash = 0; crash < 8; crash++)
            pacing.Crash(0);
        Assert.Equal(1 * Second, pacing.Crash(60 * Second));
        Assert.Equal((1, false), (pacing.Crashes, pacing.IsLoop));
    }

    [Fact]
    public void A_loop_of_years_does_not_overflow()
    {
        var pacing = new CrashPacing();
        for (var crash = 0; crash < 10_000; crash++)
            Assert.InRange(pacing.Crash(0), Second, 600 * Second);
    }
}
