using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Running;

/// <summary>Restart, scale, drain, crashes and recycles of what <c>weir run</c> started.</summary>
public sealed class RenewalTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly string Dummy = Path.ChangeExtension(Checkout.Dummy, null);
    private static readonly string[] s_worker = [Dummy, "worker", "--port", "$PORT"];

    [Fact]
    public void A_crash_is_restarted_while_requests_wait()
    {
        using var run = WeirRun.Start(s_worker);
        LiveProcesses.Signal("-KILL", run.ChildId);
        // It comes while nobody serves, waits out the pause, and is answered.
        Eventually.True(() => run.Processes()["web.1"].GetProperty("state").GetString() != "serving", "the crash seen");
        Assert.Equal(200, run.Get("/").Status);
        var one = run.Processes()["web.1"];
        Assert.Equal("crashed", one.GetProperty("lastReason").GetString());
        Assert.Equal(137, one.GetProperty("lastCode").GetInt32());
        Assert.Equal(1, one.GetProperty("restarts").GetInt32());
        Assert.Contains("weir: warning: instance ended unasked", run.Process.Output);
        Assert.True(run.Process.Terminate(Soon));
    }

    [Fact]
    public void A_crash_loop_pauses_longer_each_time_and_names_the_last_lines()
    {
        var folder = TemporaryFolder.Make();
        // Well the first time, and never again.
        var script = $"[ -e {folder}/was ] && {{ echo cannot reach the database; exit 4; }}; touch {folder}/was; "
            + $"exec {Dummy} worker --port $PORT";
        using var run = WeirRun.Start(["sh", "-c", script]);
        LiveProcesses.Signal("-KILL", run.ChildId);
        var line = run.Process.WaitForLine("weir: error: instance crashes again and again", Soon);
        Assert.Contains("cannot reach the database", line);
        Assert.Contains("starts again in 4 s", line);
        Assert.True(run.Process.Terminate(Soon));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_restart_replaces_every_instance_and_answers_when_it_is_done()
    {
        using var run = WeirRun.Start(s_worker);
        Assert.Null(run.Act("scale/web=2"));
        var before = run.Serving();
        var (code, output) = run.Verb("restart");
        Assert.Equal((0, "restarted: the new set serves, the old one is gone"), (code, output));
        var after = run.Serving();
        Assert.Equal((2, 2), (before.Length, after.Length));
        Assert.Empty(before.Intersect(after));
        Assert.All(before, id => Assert.False(LiveProcesses.IsAlive(id)));
        Assert.Equal(200, run.Get("/").Status);
        Assert.True(run.Process.Terminate(Soon));
        Assert.All(after, id => Assert.False(LiveProcesses.IsAlive(id)));
    }

    [Fact]
    public void A_failed_new_set_leaves_the_old_one_serving_and_says_why()
    {
        var folder = TemporaryFolder.Make();
        var script = $"[ -e {folder}/broken ] && {{ echo no module named shop; exit 3; }}; "
            + $"exec {Dummy} worker --port $PORT";
        using var run = WeirRun.Start(["sh", "-c", script]);
        var before = run.Serving();
        File.WriteAllText(Path.Combine(folder, "broken"), "");
        var (code, output) = run.Verb("restart");
        Assert.Equal(1, code);
        Assert.Contains("web.1 (sh) ended with code 3", output);
        Assert.Contains("no module named shop", output);
        Assert.Contains("the old set serves on", output);
        Assert.Equal(before, run.Serving());
        Assert.Equal(200, run.Get("/").Status);
        File.Delete(Path.Combine(folder, "broken"));
        Assert.Null(run.Act("restart"));
        Assert.NotEqual(before, run.Serving());
        Assert.True(run.Process.Terminate(Soon));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_new_set_that_never_gets_ready_is_given_up_at_the_boot_limit()
    {
        var folder = TemporaryFolder.Make();
        var script = $"[ -e {folder}/broken ] && exec sleep 300; exec {Dummy} worker --port $PORT";
        using var run = WeirRun.Start(["sh", "-c", script], "--app-boot-timeout", "8s");
        File.WriteAllText(Path.Combine(folder, "broken"), "");
        Assert.Contains("did not get ready on PORT=", run.Act("restart"));
        Assert.Equal(200, run.Get("/").Status);
        Assert.True(run.Process.Terminate(Soon));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Scaling_waits_for_the_new_and_for_the_end_of_the_old()
    {
        using var run = WeirRun.Start(s_worker);
        var (code, output) = run.Verb("scale", "web=4");
        Assert.Equal((0, "scaled: web=4"), (code, output));
        var four = run.Serving();
        Assert.Equal(4, four.Length);
        Assert.Null(run.Act("scale/web=2"));
        var two = run.Serving();
        Assert.Equal(four[..2], two);
        Assert.All(four[2..], id => Assert.False(LiveProcesses.IsAlive(id)));
        Assert.Contains("no process type worker; there is web", run.Act("scale/worker=2"));
        Assert.Contains("write it like web=2", run.Act("scale/web"));
        Assert.True(run.Process.Terminate(Soon));
        Assert.All(two, id => Assert.False(LiveProcesses.IsAlive(id)));
    }

    [Fact]
    public void A_drained_instance_ends_and_stays_down_until_scaled()
    {
        using var run = WeirRun.Start(s_worker);
        Assert.Null(run.Act("scale/web=2"));
        var second = run.Serving()[1];
        using var slow = run.Send("/slow?ms=700");
        run.WaitUntilBusy();
        Assert.Null(run.Act("drain/web.2"));
        Assert.Equal(200, slow.ReadAnswer().Status);
        Assert.False(LiveProcesses.IsAlive(second));
        Assert.Equal("down", run.Processes()["web.2"].GetProperty("state").GetString());
        Assert.Null(run.Act("scale/web=2"));
        Assert.Equal(2, run.Serving().Length);
        Assert.Contains("no such instance: web.9", run.Act("drain/web.9"));
        Assert.True(run.Process.Terminate(Soon));
    }

    [Fact]
    public void Requests_max_renews_an_instance_and_no_request_fails()
    {
        using var run = WeirRun.Start(s_worker, "--instance-requests-max", "50");
        var first = run.Serving()[0];
        for (var i = 0; i < 60; i++) Assert.Equal(200, run.Get("/").Status);
        var line = run.Process.WaitForLine("weir: recycled", Soon);
        Assert.Contains("requests: 0 requests of it failed", line);
        Assert.NotEqual(first, run.Serving()[0]);
        Assert.Equal("requests", run.Processes()["web.1"].GetProperty("lastReason").GetString());
        Assert.True(run.Process.Terminate(Soon));
    }

    [Fact]
    public void A_stuck_instance_is_recycled_and_its_h_code_told()
    {
        using var run = WeirRun.Start(s_worker,
            "--app-first-byte-timeout", "300ms", "--slot-stuck-after", "300ms", "--instance-stop-timeout", "1s");
        var first = run.Serving()[0];
        var answer = run.Get("/hang");
        Assert.Equal((503, "H12"), (answer.Status, answer.Field("X-Weir-Code")));
        run.Process.WaitForLine("weir: recycled", Soon);
        Assert.Equal("stuck", run.Processes()["web.1"].GetProperty("lastReason").GetString());
        Assert.NotEqual(first, run.Serving()[0]);
        Assert.Equal(200, run.Get("/").Status);
        Assert.True(run.Process.Terminate(Soon));
    }

    [Fact]
    public void What_an_instance_takes_stands_in_status_and_metrics()
    {
        using var run = WeirRun.Start(s_worker);
        for (var i = 0; i < 5; i++) Assert.Equal(200, run.Get("/").Status);
        Eventually.True(
            () => run.Processes()["web.1"].GetProperty("proportionalBytes").GetInt64() > 1 << 20, "a sample",
            TimeSpan.FromSeconds(15));
        var one = run.Processes()["web.1"];
        Assert.Equal(run.ChildId, one.GetProperty("pid").GetInt32());
        Assert.Equal(5, one.GetProperty("requests").GetInt64());
        Assert.InRange(one.GetProperty("threads").GetInt32(), 1, 100);
        Assert.True(one.GetProperty("residentBytes").GetInt64() >= one.GetProperty("proportionalBytes").GetInt64());
        var metrics = run.Admin("metrics");
        Assert.Contains("weir_instance_requests{type=\"web\",instance=\"web.1\"} 5", metrics);
        Assert.Contains("weir_instance_restarts_total{type=\"web\",instance=\"web.1\"} 0", metrics);
        var (_, text) = run.Verb("status");
        Assert.Contains(run.ChildId.ToString(CultureInfo.InvariantCulture), text);
        Assert.True(run.Process.Terminate(Soon));
    }

    [Fact]
    public void A_signal_to_every_process_at_once_is_a_drain_and_no_crash()
    {
        using var run = WeirRun.Start(s_worker);
        // As platforms do: the app first here, which is the harder order.
        LiveProcesses.Signal("-TERM", run.ChildId);
        run.Process.Signal("-TERM");
        Assert.True(run.Process.WaitForExit(Soon));
        Assert.DoesNotContain("unasked", run.Process.Output);
        Assert.False(LiveProcesses.IsAlive(run.ChildId));
    }

    [Fact]
    public void Stop_signals_are_sent_in_order()
    {
        var script = $"trap 'echo got tstp' TSTP; trap 'echo got quit; exit 0' QUIT; {Dummy} worker --port $PORT & "
            + "while :; do wait; done";
        using var run = WeirRun.Start(["sh", "-c", script],
            "--instance-stop-signal", "TSTP,QUIT", "--instance-stop-timeout", "2s");
        Assert.Null(run.Act("restart"));
        var output = run.Process.Output;
        Assert.True(output.IndexOf("got tstp", StringComparison.Ordinal)
            < output.IndexOf("got quit", StringComparison.Ordinal), output);
        Assert.True(run.Process.Terminate(Soon));
    }
}
