using System.Globalization;
using Weir.EndToEnd.Support;
using Weir.Tests.Support;

namespace Weir.EndToEnd.Processes;

/// <summary>Slots that were declared wrong are found out while requests run, by what the app accepts.</summary>
public sealed class WatchedSlotsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public void Too_many_slots_are_corrected_at_once_and_told_of()
    {
        RealServer.Require("gunicorn");
        using var run = WeirRun.Start(
            ["gunicorn", "-w", "2", "-b", "127.0.0.1:$PORT", "--chdir", Checkout.Apps, "--log-level", "warning",
                "app:app"],
            "--slots", "8", "--log", "off");
        var end = false;
        var clients = SideThread.Start(8, _ =>
        {
            while (!Volatile.Read(ref end))
                Assert.Equal(200, run.Get("/sleep?ms=50").Status);
        });
        var line = run.Process.WaitForLine("weir: error: TOO MANY SLOTS", Soon);
        Eventually.True(() => Slots(run) == 2, () => string.Create(CultureInfo.InvariantCulture, $"2: {Slots(run)}"));
        Volatile.Write(ref end, true);
        SideThread.JoinAll(clients);
        Assert.Contains("8 slots believed, and it accepts no more than ", line);
    }

    [Fact]
    public void Too_few_slots_are_told_of()
    {
        RealServer.Require("gunicorn");
        using var run = WeirRun.Start(
            ["gunicorn", "-w", "3", "-b", "127.0.0.1:$PORT", "--chdir", Checkout.Apps, "--log-level", "warning",
                "app:app"],
            "--slots", "1", "--log", "off");
        var end = false;
        var clients = SideThread.Start(6, _ =>
        {
            while (!Volatile.Read(ref end))
                Assert.Equal(200, run.Get("/sleep?ms=50").Status);
        });
        run.Process.WaitForLine("weir: warning: TOO FEW SLOTS", TimeSpan.FromSeconds(60));
        Volatile.Write(ref end, true);
        SideThread.JoinAll(clients);
        Assert.Equal(1, Slots(run));
    }

    private static int Slots(WeirRun run) =>
        run.Status().GetProperty("apps")[0].GetProperty("instances")[0].GetProperty("slots").GetInt32();
}
