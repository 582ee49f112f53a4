using System.Diagnostics;
using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Running;

/// <summary>
/// Weir is killed, stopped or out of memory under load, with a real server behind it: nothing is left, no port is held,
/// and the next Weir serves. How long that took is printed, not asserted: what a test machine is busy with is no fault.
/// </summary>
public sealed class OwnDeathTests
{
    private const string Target = "/sleep?ms=3";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("gunicorn")]
    [InlineData("gunicorn without its guard")]
    public void Killed_under_load_the_next_serves_and_nothing_is_left(string server)
    {
        using var run = Start();
        using var clients = new KeptClients(run.EndPoint, count: 8, Target);
        Eventually.True(() => clients.Answered > 50, "it serves");
        var guards = LiveProcesses.LeadersUnder(run.Process.Id, without: "gunicorn").ToList();
        if (server != "gunicorn")
        {
            Assert.NotEmpty(guards);
            LiveProcesses.Signal("-KILL", guards.Single());
            Eventually.True(() => LiveProcesses.LeadersUnder(run.Process.Id, without: "gunicorn")
                .Any(id => !guards.Contains(id)), "another guard stands");
        }

        LiveProcesses.Signal("-KILL", run.Process.Id);
        Serves(run, clients);
    }

    [Fact]
    public void Stopped_and_continued_it_goes_on_and_no_request_is_lost()
    {
        using var run = Start();
        using var clients = new KeptClients(run.EndPoint, count: 4, Target);
        Eventually.True(() => clients.Answered > 50, "it serves");
        LiveProcesses.Signal("-STOP", run.Process.Id);
        Thread.Sleep(1500);
        var seen = clients.Answered;
        LiveProcesses.Signal("-CONT", run.Process.Id);
        Eventually.True(() => clients.Answered > seen + 50, "it serves again", Soon);
        clients.Stop();
        Assert.Empty(clients.Faults);
        run.Process.Terminate(Soon);
        Assert.True(LiveProcesses.IsGroupGoneWithin(run.ChildId, Soon));
    }

    [Fact]
    public void Killed_for_its_memory_the_next_serves_and_nothing_is_left()
    {
        using var group = MemoryGroup.TryMake(500L << 20, out var reason);
        if (group is null)
            Assert.Skip(reason);
        using var run = Start(group.Folder);
        using var clients = new KeptClients(run.EndPoint, count: 8, Target);
        Eventually.True(() => clients.Answered > 50, "it serves");
        var weir = run.Process.Id.ToString(CultureInfo.InvariantCulture);
        // The kernel chooses by size; this makes the choice Weir, as it might be.
        File.WriteAllText($"/proc/{weir}/oom_score_adj", "1000");
        const string hog = """
            import os, sys
            held = []
            while os.path.exists("/proc/%s/fd" % sys.argv[1]) and os.listdir("/proc/%s/fd" % sys.argv[1]):
                held.append(b"x" * (1 << 20))
            """;
        using (ChildProcess.Start([.. MemoryGroup.Enter(group.Folder), "/usr/bin/python3", "-c", hog, weir]))
            Eventually.True(() => run.Process.HasExited, "the kernel kills it", Soon);
        Assert.Equal(137, run.Process.ExitCode);
        Serves(run, clients);
    }

    [Fact]
    public void Two_weirs_side_by_side_do_not_meet()
    {
        using var one = Start();
        using var other = Start();
        Assert.NotEqual(one.ChildId, other.ChildId);
        LiveProcesses.Signal("-KILL", one.Process.Id);
        Assert.True(LiveProcesses.IsGroupGoneWithin(one.ChildId, Soon));
        Assert.Equal(200, other.Get(Target).Status);
        Assert.True(LiveProcesses.IsAlive(other.ChildId));
    }

    private static WeirRun Start(string cgroup = "", int port = 0)
    {
        RealServer.Require("gunicorn");
        return WeirRun.Start(
            ["gunicorn", "-w", "2", "-b", "127.0.0.1:$PORT", "--chdir", Checkout.Apps, "--log-level", "warning",
                "app:app"],
            new WeirRunSetup { Cgroup = cgroup, Port = port, Arguments = ["--slots", "2", "--log", "off"] });
    }

    /// <summary>On the same front door, as a supervisor would start it: at once.</summary>
    private static void Serves(WeirRun dead, KeptClients clients)
    {
        // The kernel takes it down; before that, its port still accepts.
        Eventually.True(() => dead.Process.HasExited, "it is dead");
        var clock = Stopwatch.StartNew();
        using var next = Start(port: dead.Port);
        Assert.Equal(200, next.Get(Target).Status);
        var served = clock.ElapsedMilliseconds;
        Assert.True(LiveProcesses.IsGroupGoneWithin(dead.ChildId, Soon), "an orphan");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"serves {served} ms after its restart; the dead one's server was gone by {clock.ElapsedMilliseconds} ms");
        // The clients were cut once, and have come again.
        var seen = clients.Answered;
        Eventually.True(() => clients.Answered > seen + 50, "the clients are served", Soon);
        next.Process.Terminate(Soon);
        Assert.True(LiveProcesses.IsGroupGoneWithin(next.ChildId, Soon));
        clients.Stop();
    }
}
