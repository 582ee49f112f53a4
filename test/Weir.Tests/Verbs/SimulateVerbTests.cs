using System.Text.Json;
using Weir.Verbs;

namespace Weir.Tests.Verbs;

/// <summary>What <c>weir simulate</c> takes and says.</summary>
public sealed class SimulateVerbTests
{
    private const string Usual = "rate=64/s service=exp:100ms instances=8 workers=2 duration=60s seed=1";

    [Fact]
    public void JSON_has_what_scripts_read()
    {
        using var json = JsonDocument.Parse(Run(Usual + " policy=central json=on"));
        var root = json.RootElement;
        Assert.InRange(root.GetProperty("requests").GetInt64(), 3_400, 4_300);
        Assert.InRange(root.GetProperty("utilization").GetDouble(), 0.3, 0.5);
        Assert.Equal(0, root.GetProperty("lost").GetInt64());
        foreach (var times in (string[])["wait", "response"])
        {
            foreach (var figure in (string[])["mean", "p50", "p95", "p99"])
                Assert.True(root.GetProperty(times).GetProperty(figure).GetDouble() >= 0);
        }

        Assert.InRange(root.GetProperty("response").GetProperty("mean").GetDouble(), 90, 110);
    }

    [Fact]
    public void The_table_has_a_column_for_each_policy_and_the_same_requests_in_all()
    {
        var text = Run(Usual + " policy=all seeds=2");
        Assert.Contains("least-connections", text);
        Assert.Contains("±", text);
        var requests = text.Split('\n').Single(line => line.StartsWith("requests", StringComparison.Ordinal));
        Assert.Single(requests.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Distinct());
    }

    [Theory]
    [InlineData("rate=fast", "--rate")]
    [InlineData("service=slow", "--service")]
    [InlineData("policy=centrall", "did you mean central?")]
    [InlineData("workers=0", "--workers")]
    [InlineData("duration=10", "--duration")]
    [InlineData("warm-up=20m", "--warm-up")]
    [InlineData("rate=1000/s", "the queue would only grow")]
    public void What_cannot_be_is_refused_with_the_flag(string flag, string said)
    {
        var call = new VerbCall(Values(flag), [], []);
        Assert.Null(SimulateFlags.Read(call, out var problem));
        Assert.Contains(said, problem);
    }

    private static string Run(string flags)
    {
        using var output = new StringWriter();
        Assert.Equal(0, SimulateVerb.RunAsync(new VerbCall(Values(flags), [], []), output).Result);
        return output.ToString();
    }

    private static Dictionary<string, string> Values(string flags) =>
        flags.Split(' ').Select(flag => flag.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
}
