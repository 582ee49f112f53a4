using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Running;

/// <summary>
/// <c>weir run -- COMMAND</c>: what the command is given and gives back, and that nothing stays behind.
/// </summary>
public sealed class RunTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly string Dummy = Path.ChangeExtension(Checkout.Dummy, null);

    [Fact]
    public void The_command_gets_a_port_and_is_served()
    {
        using var run = WeirRun.Start(["sh", "-c", $"echo port is $PORT; exec {Dummy} worker --port $PORT"]);
        Assert.Equal(200, run.Get("/").Status);
        Assert.Contains("port is ", run.Process.Output);
    }

    [Fact]
    public void A_dollar_port_in_the_words_is_filled_in_without_a_shell()
    {
        using var run = WeirRun.Start([Dummy, "worker", "--port", "$PORT"]);
        Assert.Equal(200, run.Get("/").Status);
    }

    [Fact]
    public void One_assumed_slot_is_told()
    {
        using var run = WeirRun.Start([Dummy, "worker", "--port", "$PORT"]);
        run.Process.WaitForLine("weir: >>> ASSUMED 1 SLOT", Soon);
    }

    [Fact]
    public void Slots_that_were_given_are_not_assumed()
    {
        using var run = WeirRun.Start([Dummy, "worker", "--workers", "4", "--port", "$PORT"], "--slots", "4");
        run.Process.WaitForLine("weir: web.1 at ", Soon);
        Assert.Contains("4 slots", run.Process.Output);
        run.Process.Terminate(Soon);
        Assert.DoesNotContain("ASSUMED", run.Process.Output);
    }

    [Fact]
    public void Secrets_of_weir_stay_with_it()
    {
        var environment = new Dictionary<string, string>
        {
            ["WEIR_ADMIN_TOKEN"] = "hidden",
            ["WEIR_SLOTS"] = "2",
            ["FORWARDED_ALLOW_IPS"] = "10.0.0.1",
        };
        using var run = WeirRun.StartWith(environment, ["sh", "-c", "env; exit 9"]);
        Assert.True(run.Process.WaitForExit(Soon));
        Assert.Contains("FORWARDED_ALLOW_IPS=10.0.0.1", run.Process.Output);
        Assert.Contains("WEIR_SLOTS=2", run.Process.Output);
        Assert.DoesNotContain("hidden", run.Process.Output);
    }

    [Fact]
    public void A_command_that_is_not_there_is_127_and_one_line()
    {
        using var run = WeirRun.StartWith(null, ["weir-no-such-command"]);
        Assert.True(run.Process.WaitForExit(Soon));
        Assert.Equal(127, run.Process.ExitCode);
        // Warnings about the environment of these tests may stand before it.
        Assert.Equal("weir: run: web.1: weir-no-such-command: command not found; is it installed and in PATH?",
            run.Process.Output.Split('\n')[^1]);
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -KILL $$", 137)]
    public void The_exit_code_before_the_port_is_bound_is_relayed(string script, int code)
    {
        using var run = WeirRun.StartWith(null, ["sh", "-c", script]);
        Assert.True(run.Process.WaitForExit(Soon));
        Assert.Equal(code, run.Process.ExitCode);
    }

    [Fact]
    public void The_exit_code_of_the_only_instance_is_relayed_when_weir_is_told_to_end()
    {
        using var run = WeirRun.Start(["sh", "-c", $"trap 'exit 5' TERM; {Dummy} worker --port $PORT & wait"]);
        Assert.Equal(200, run.Get("/").Status);
        Assert.True(run.Process.Terminate(Soon));
        Assert.Equal(5, run.Process.ExitCode);
    }

    [Fact]
    public void What_waits_when_the_command_crashes_is_answered_by_the_next_one()
    {
        using var run = WeirRun.Start([Dummy, "worker", "--port", "$PORT"]);
        // A POST is not made again: it would take the next one's only slot.
        using var served = run.Send("/slow?ms=60000", "POST");
        run.WaitUntilBusy();
        using var waiting = run.Send("/");
        run.WaitUntilQueued();
        LiveProcesses.Signal("-KILL", run.ChildId);
        Assert.Equal(200, waiting.ReadAnswer().Status);
        Assert.True(run.Process.Terminate(Soon));
    }

    [Fact]
    public void Told_to_end_it_finishes_what_runs()
    {
        using var run = WeirRun.Start([Dummy, "worker", "--port", "$PORT"]);
        using var client = run.Send("/slow?ms=1000");
        run.WaitUntilBusy();
        run.Process.Signal("-TERM");
        Assert.Equal(200, client.ReadAnswer().Status);
        Assert.True(run.Process.WaitForExit(Soon));
        Assert.Equal(143, run.Process.ExitCode);
        Assert.False(LiveProcesses.IsAlive(run.ChildId));
    }

    [Fact]
    public void A_hang_up_reads_the_configuration_anew_and_the_command_does_not_hear_of_it()
    {
        var file = TemporaryFolder.Write(TemporaryFolder.Make(), "weir.yaml", "queue: {max-wait: 3s}\n");
        var script = $"trap 'echo got HUP' HUP; {Dummy} worker --port $PORT & while :; do wait; done";
        using var run = WeirRun.Start(["sh", "-c", script], "--config", file);
        Assert.Equal(3000, QueueWait(run));
        File.WriteAllText(file, "queue: {max-wait: 4s}\n");
        run.Process.Signal("-HUP");
        run.Process.WaitForLine("weir: configuration reloaded", Soon);
        Assert.Equal(4000, QueueWait(run));
        File.WriteAllText(file, "queue: {max-wait: 4 apples}\n");
        run.Process.Signal("-HUP");
        run.Process.WaitForLine("weir: reload: nothing was changed", Soon);
        Assert.Equal(4000, QueueWait(run));
        Assert.DoesNotContain("got HUP", run.Process.Output);
    }

    private static double QueueWait(WeirRun run) => run.Status().GetProperty("apps")[0].GetProperty("queue")
        .GetProperty("maxWaitMs").GetDouble();

    [Theory]
    [InlineData("USR1")]
    [InlineData("USR2")]
    [InlineData("TTIN")]
    [InlineData("TTOU")]
    [InlineData("WINCH")]
    public void Signals_of_a_server_reach_the_command(string signal)
    {
        var script = $"trap 'echo got {signal}' {signal}; {Dummy} worker --port $PORT & while :; do wait; done";
        using var run = WeirRun.Start(["sh", "-c", script]);
        run.Process.Signal("-" + signal);
        run.Process.WaitForLine("web.1 | got " + signal, Soon);
    }

    [Fact]
    public void A_command_that_never_binds_is_ended_and_told_of()
    {
        using var run = WeirRun.StartWith(null, ["sleep", "300"], "--app-boot-timeout", "300ms");
        run.Process.WaitForLine("weir: run: web.1 (sleep) did not get ready on PORT=", Soon);
        Assert.True(run.Process.WaitForExit(Soon));
        Assert.Equal(1, run.Process.ExitCode);
    }

    [Fact]
    public void Grandchildren_end_with_it()
    {
        var script = $"sleep 300 & echo grandchild $!; exec {Dummy} worker --port $PORT";
        using var run = WeirRun.Start(["sh", "-c", script]);
        var grandchild = Number(run.Process.WaitForLine("web.1 | grandchild ", Soon));
        Assert.True(LiveProcesses.IsAlive(grandchild));
        Assert.True(run.Process.Terminate(Soon));
        Assert.False(LiveProcesses.IsAlive(grandchild));
    }

    [Fact]
    public void A_command_that_ignores_the_end_is_killed_at_the_deadline()
    {
        var script = $"trap '' TERM; {Dummy} worker --port $PORT & while :; do sleep 1; done";
        using var run = WeirRun.Start(["sh", "-c", script], "--shutdown-deadline", "2s");
        Assert.True(run.Process.Terminate(Soon));
        Assert.Equal(137, run.Process.ExitCode);
        Assert.False(LiveProcesses.IsAlive(run.ChildId));
    }

    [Fact]
    public void Nothing_is_orphaned_when_weir_is_killed()
    {
        using var run = WeirRun.Start(["sh", "-c", $"trap '' TERM; sleep 300 & {Dummy} worker --port $PORT & wait"]);
        run.Process.Signal("-KILL");
        Assert.True(run.Process.WaitForExit(Soon));
        Assert.True(LiveProcesses.IsGroupGoneWithin(run.ChildId, Soon));
    }

    private static int Number(string line) =>
        int.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture);
}
