using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Running;

/// <summary>Renewal under 200 requests a second: nothing fails but what a killed worker had in hand.</summary>
public sealed class UnderLoadTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Servers => ["dummy", "gunicorn", "unicorn", "puma"];

    [Theory]
    [MemberData(nameof(Servers))]
    public void Rolling_restarts_fail_no_request(string server)
    {
        using var app = Served(server);
        using var run = WeirRun.Start(app.Command, "--slots", app.Slots);
        using var load = new SteadyLoad(run.Port);
        Assert.Null(run.Act("scale/web=2"));
        for (var restart = 0; restart < 3; restart++) Assert.Null(run.Act("restart"));
        // On a fast machine it is over before much was asked.
        Eventually.True(() => load.Good > 100, "requests are answered", Soon);
        load.Stop();
        Assert.Empty(load.Failures);
        Assert.True(run.Process.Terminate(Soon));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public void Scaling_up_and_down_fails_no_request(string server)
    {
        using var app = Served(server);
        using var run = WeirRun.Start(app.Command, "--slots", app.Slots);
        Assert.Null(run.Act("scale/web=2"));
        using var load = new SteadyLoad(run.Port);
        Assert.Null(run.Act("scale/web=6"));
        Eventually.True(() => run.Serving().Length == 6, "six serve", Soon);
        Assert.Null(run.Act("scale/web=2"));
        Eventually.True(() => run.Serving().Length == 2, "two serve", Soon);
        // On a fast machine it is over before much was asked.
        Eventually.True(() => load.Good > 100, "requests are answered", Soon);
        load.Stop();
        Assert.Empty(load.Failures);
        Assert.True(run.Process.Terminate(Soon));
    }

    [Fact]
    public void Twenty_deploys_fail_no_request()
    {
        using var app = Served("dummy");
        using var run = WeirRun.Start(app.Command, "--slots", app.Slots);
        Assert.Null(run.Act("scale/web=2"));
        using var load = new SteadyLoad(run.Port);
        for (var deploy = 0; deploy < 20; deploy++) Assert.Null(run.Act("restart"));
        load.Stop();
        Assert.Empty(load.Failures);
        Assert.Equal(20, run.Processes()["web.1"].GetProperty("restarts").GetInt32());
        Assert.True(run.Process.Terminate(Soon));
    }

    [Theory]
    [InlineData("gunicorn")]
    [InlineData("unicorn")]
    public void A_killed_worker_fails_only_what_it_had_in_hand(string server)
    {
        using var app = Served(server);
        using var run = WeirRun.Start(app.Command, "--slots", app.Slots);
        using var load = new SteadyLoad(run.Port);
        const int kills = 5;
        for (var kill = 0; kill < kills; kill++)
        {
            Thread.Sleep(400);
            // The master starts another.
            if (LiveProcesses.ChildrenOf(run.ChildId).FirstOrDefault() is > 0 and var worker)
                LiveProcesses.Signal("-KILL", worker);
        }

        Thread.Sleep(500);
        load.Stop();
        Assert.InRange(load.Failures.Count, 0, kills);
        // An answer that had begun can only be cut off: its client sees no code, the ledger does.
        const string cut = "Connection reset by peer";
        Assert.All(load.Failures, failure => Assert.Contains(failure, (string[])["H13", "H18", cut]));
        if (load.Failures.Contains(cut)) Assert.Contains("\"H18\":", run.Admin("status"));
        Assert.True(run.Process.Terminate(Soon));
    }

    [Fact]
    public void A_killed_instance_fails_only_what_it_had_in_hand()
    {
        using var app = Served("dummy");
        using var run = WeirRun.Start(app.Command, "--slots", app.Slots);
        Assert.Null(run.Act("scale/web=2"));
        using var load = new SteadyLoad(run.Port);
        Thread.Sleep(500);
        LiveProcesses.Signal("-KILL", run.Serving()[0]);
        Eventually.True(() => run.Serving().Length == 2, "two serve again", TimeSpan.FromSeconds(15));
        Thread.Sleep(300);
        load.Stop();
        Assert.InRange(load.Failures.Count, 0, int.Parse(app.Slots, CultureInfo.InvariantCulture));
        Assert.All(load.Failures, failure => Assert.Contains(failure, (string[])["H13", "H18"]));
        Assert.True(run.Process.Terminate(Soon));
    }

    private static ServedApp Served(string server)
    {
        if (server != "dummy") RealServer.Require(server);
        return new ServedApp(server);
    }
}
