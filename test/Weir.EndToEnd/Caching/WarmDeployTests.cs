using System.Text.Json;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Caching;

/// <summary>What is kept warm of a server that <c>weir run</c> started, through the program as it is shipped.</summary>
public sealed class WarmDeployTests
{
    private static readonly string Dummy = Path.ChangeExtension(Checkout.Dummy, null);

    [Fact]
    public void A_deploy_and_a_person_have_it_made_anew()
    {
        var folder = TemporaryFolder.Make();
        var config = Path.Combine(folder, "weir.yaml");
        File.WriteAllText(
            config,
            """
            routes:
              - path: /
                cache:
                  ttl: 10m
                  share: anonymous
                  warm: ["http://weir/report?n={1,2,3}"]
                  warm-budget: 100%
                  warm-fields: ["X-Api-Key: env:WARM_KEY"]
            """);
        using var run = WeirRun.Start([Dummy, "worker", "--port", "$PORT"], new WeirRunSetup
        {
            Arguments = ["--config", config],
            Environment = new Dictionary<string, string> { ["WARM_KEY"] = "open-sesame" },
        });
        Eventually.True(() => Rounds(run) == 1, "all is made when the first instance serves");
        Assert.Null(run.Act("restart"));
        Eventually.True(() => Rounds(run) == 2, "and when a new set does");
        var (code, output) = run.Verb("warm", "--dry-run");
        Assert.Equal(0, code);
        Assert.StartsWith("would warm; web /: 3 requests, a round takes 0.", output, StringComparison.Ordinal);
        (code, output) = run.Verb("warm", "web");
        Assert.Equal(0, code);
        Assert.StartsWith("warming; web /: 3 requests", output, StringComparison.Ordinal);
        Eventually.True(() => Rounds(run) == 3, "and when somebody asks for it");
        Assert.Contains("warm /: 3 requests", run.Verb("status").Output, StringComparison.Ordinal);
        Assert.Equal((1, "weir warm: no such app: shop; there are web"), run.Verb("warm", "shop"));
        foreach (var page in (string[])["status", "metrics", "dump"])
            Assert.DoesNotContain("open-sesame", run.Admin(page), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private static long Rounds(WeirRun run) => Warm(run).GetProperty("rounds").GetInt64();

    private static JsonElement Warm(WeirRun run) =>
        run.Status().GetProperty("apps")[0].GetProperty("warm")[0];
}
