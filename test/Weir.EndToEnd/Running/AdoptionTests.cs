using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Running;

/// <summary>What a killed Weir leaves to the next one of the same folder and door.</summary>
public sealed class AdoptionTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly string Dummy = Path.ChangeExtension(Checkout.Dummy, null);
    private int _left;

    /// <summary>What outlives its Weir must not outlive a test that failed in between.</summary>
    public void Dispose()
    {
        if (_left > 0 && LiveProcesses.IsAlive(_left)) LiveProcesses.Signal("-TERM", _left);
    }

    [Fact]
    public void With_adopt_the_server_outlives_its_weir_and_the_next_one_takes_it_over()
    {
        using var first = Orphaned(out var door, out var server);
        Thread.Sleep(300);
        Assert.True(LiveProcesses.IsAlive(server));
        using var next = Start(door, "--adopt");
        Assert.Equal(server, Serving(next));
        Assert.Equal(200, next.Get("/sleep?ms=3").Status);
        // Adopted, it is renewed and ended as any other.
        Assert.Null(next.Act("restart"));
        Assert.NotEqual(server, Serving(next));
        Assert.True(LiveProcesses.IsGroupGoneWithin(server, Soon));
        var last = Serving(next);
        next.Process.Terminate(Soon);
        Assert.True(LiveProcesses.IsGroupGoneWithin(last, Soon));
    }

    [Fact]
    public void Without_adopt_the_next_ends_what_was_left_and_starts_anew()
    {
        using var first = Orphaned(out var door, out var server);
        using var next = Start(door);
        Assert.NotEqual(server, Serving(next));
        Assert.True(LiveProcesses.IsGroupGoneWithin(server, Soon));
        Assert.Equal(200, next.Get("/sleep?ms=3").Status);
    }

    [Fact]
    public void A_server_that_left_its_session_ends_with_a_killed_weir_too()
    {
        var script = $"setsid sleep 300 & echo stray $!; exec {Dummy} worker --port $PORT";
        using var run = WeirRun.Start(["sh", "-c", script]);
        var line = run.Process.WaitForLine("web.1 | stray ", Soon);
        var stray = int.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture);
        Assert.True(LiveProcesses.IsAlive(stray));
        LiveProcesses.Signal("-KILL", run.Process.Id);
        Eventually.True(() => !LiveProcesses.IsAlive(stray), "the stray is gone", Soon);
    }

    /// <summary>A Weir that was killed, and the server that it leaves.</summary>
    private WeirRun Orphaned(out int door, out int server)
    {
        RealServer.Require("gunicorn");
        door = FreePort.Next();
        var first = Start(door, "--adopt");
        _left = server = Serving(first);
        LiveProcesses.Signal("-KILL", first.Process.Id);
        Eventually.True(() => first.Process.HasExited, "the first is dead");
        return first;
    }

    private static WeirRun Start(int door, params string[] arguments) => WeirRun.Start(
        ["gunicorn", "-w", "2", "-b", "127.0.0.1:$PORT", "--chdir", Checkout.Apps, "--log-level", "warning", "app:app"],
        new WeirRunSetup { Port = door, Arguments = ["--slots", "2", "--log", "off", .. arguments] });

    private static int Serving(WeirRun run)
    {
        Eventually.True(() => run.Serving().Length == 1, "one instance serves", Soon);
        return run.Serving()[0];
    }
}
