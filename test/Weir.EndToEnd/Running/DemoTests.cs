using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Running;

/// <summary><c>weir demo</c> in a pipe: it ends by itself, says the sentence, and leaves nothing behind.</summary>
public sealed class DemoTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(40);
    private readonly string _mark = Guid.NewGuid().ToString();

    [Fact]
    public void A_demo_ends_by_itself_with_a_sentence_and_a_receipt_that_adds_up()
    {
        using var demo = Start("--seconds", "4");
        Assert.True(demo.WaitForExit(Soon));
        Assert.Equal(0, demo.ExitCode);
        Assert.Matches(@"(?m)^others' p95: (> )?\d+\.\d s → \d+ ms$", demo.Output);
        ReceiptAddsUp(demo.WaitForLine("a slow upload's receipt: ", Soon));
        NothingStays(demo);
    }

    [Fact]
    public void A_demo_that_is_interrupted_says_its_sentence_too()
    {
        using var demo = Start("--seconds", "0");
        // The first line of figures, which a busy machine may print a second early or late.
        Eventually.True(() => demo.Output.Contains("   through Weir p50 "), "it shows figures", Soon);
        demo.Signal("-INT");
        Assert.True(demo.WaitForExit(Soon));
        Assert.Equal(0, demo.ExitCode);
        Assert.Contains("others' p95: ", demo.Output);
        NothingStays(demo);
    }

    [Fact]
    public void A_killed_demo_leaves_nothing_behind()
    {
        using var demo = Start("--seconds", "0");
        demo.WaitForLine("and 6 slow readers", Soon);
        demo.Signal("-KILL");
        Assert.True(demo.WaitForExit(Soon));
        NothingStays(demo);
    }

    [Fact]
    public void A_command_of_ones_own_is_started_twice()
    {
        var dummy = Path.ChangeExtension(Checkout.Dummy, null);
        string[] command = [dummy, "slow", "--ms", "20", "--workers", "3", "--port", "$PORT"];
        using var demo = Start(["--seconds", "2", "--slots", "3", "--", .. command]);
        Assert.True(demo.WaitForExit(Soon));
        Assert.Equal(0, demo.ExitCode);
        Assert.Contains("with 3 workers, started twice", demo.Output);
        Assert.Contains("others' p95: ", demo.Output);
    }

    [Theory]
    [InlineData(127, "command not found", "weir-no-such-command")]
    [InlineData(1, "sh ended; does it read $PORT? It said: broken", "sh", "-c", "echo broken; exit 3")]
    public void A_command_that_does_not_start_is_told(int code, string problem, params string[] command)
    {
        using var demo = Start(["--seconds", "2", "--", .. command]);
        Assert.True(demo.WaitForExit(Soon));
        Assert.Equal(code, demo.ExitCode);
        Assert.Contains(problem, demo.Output);
    }

    /// <summary>The mark is handed on to all that it starts, and tells this demo's processes from another's.</summary>
    private ChildProcess Start(params string[] words) => ChildProcess.Start(
        [.. Checkout.Weir, "demo", .. words], new Dictionary<string, string> { ["DEMO_MARK"] = _mark });

    private static void ReceiptAddsUp(string line)
    {
        var sides = line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..].Split(" ms;")[0].Split(" = ");
        var parts = sides[0].Split(" + ").Select(part => Number(part.Split(' ')[1]));
        Assert.Equal(Number(sides[1]), parts.Sum());
    }

    private static int Number(string text) =>
        int.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private void NothingStays(ChildProcess demo) =>
        Assert.True(LiveProcesses.AreGoneWithin("DEMO_MARK=" + _mark, demo.Id, TimeSpan.FromSeconds(10)));
}
