using Weir.Demo;

namespace Weir.Tests.Demo;

public sealed class DemoTalkTests
{
    private static readonly DemoFigures s_figures = new()
    {
        Seconds = 30,
        Direct = new SideFigures { Median = new(4_200_000, true), P95 = new(10_600_000, false), Waiting = 80 },
        Through = new SideFigures { Median = new(23_000, false), P95 = new(26_000, false), Answered = 600 },
    };

    [Fact]
    public void The_sentence_is_made_of_the_measured_figures() =>
        Assert.Equal("others' p95: 10.6 s → 26 ms", DemoTalk.Sentence(s_figures));

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(10_000)]
    public void The_beginning_fits_a_terminal(int slots) =>
        Assert.All(DemoTalk.Beginning("A sample app", slots).Split('\n'), line => Assert.InRange(line.Length, 0, 80));

    [Fact]
    public void A_plain_line_has_both_sides() => Assert.Equal(
        "  30 s   direct p50 > 4.2 s, p95 10.6 s (0 answered, 80 wait)   "
        + "through Weir p50 23 ms, p95 26 ms (600 answered, 0 wait)",
        DemoBoard.Line(s_figures));

    [Theory]
    [InlineData(0, 1024 * 1024)]
    [InlineData(30, 1024 * 1024)]
    [InlineData(5, 179_200)]
    [InlineData(1, 64 * 1024)]
    public void An_upload_ends_within_the_demo(int seconds, int bytes) =>
        Assert.Equal(bytes, DemoLoad.UploadBytes(seconds));
}
