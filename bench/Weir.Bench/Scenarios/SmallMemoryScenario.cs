using Weir.Bench.Doors;
using Weir.Bench.Figures;
using Weir.Bench.Load;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Scenarios;

/// <summary>Weir beside an app of 350 MiB in a cgroup of 512 MiB, with 500 slow uploads: Weir's memory.</summary>
internal static class SmallMemoryScenario
{
    private const long GroupBytes = 512L << 20;
    private const int Uploads = 500;
    private const long UploadBytes = 4 << 20;
    private const long BytesPerSecond = 40 * 1024;

    public static int Run(BenchOptions options)
    {
        using var group = MemoryGroup.TryMake(GroupBytes, out var reason);
        if (group is null)
        {
            Console.WriteLine("small-memory skipped: " + reason);
            return 0;
        }

        var doorName = options.AgainstOr("weir")[0];
        var seconds = options.SecondsOr(quick: 15, full: 120);
        using var app = AppServer.StartGunicorn(workers: 1, module: "hog:app", cgroup: group.Folder);
        using var door = FrontDoor.Start(doorName, new DoorSetup { Upstreams = [app.Port], Cgroup = group.Folder });
        Ordinary.WarmUp(door.EndPoint);
        var idle = door.Figures.ResidentBytes;
        using var slow = new SlowClients(SlowKind.Uploads, door.EndPoint, Uploads, UploadBytes, BytesPerSecond);
        var most = 0L;
        using var ended = new ManualResetEventSlim();
        var watcher = new Thread(() =>
        {
            while (!ended.Wait(200)) most = Math.Max(most, door.Figures.ResidentBytes);
        });
        watcher.Start();
        var ordinary = Ordinary.Measure(door.EndPoint, seconds, perSecond: 10);
        ended.Set();
        watcher.Join();

        var table = new Table("", "", "value");
        table.Add("app resident MiB", IdleClientsScenario.Mebibytes(app.Figures.ResidentBytes));
        table.Add($"{doorName} resident before uploads MiB", IdleClientsScenario.Mebibytes(idle));
        table.Add($"{doorName} resident at most MiB", IdleClientsScenario.Mebibytes(most));
        table.Add("uploads under way at the end", $"{slow.Transferring}");
        table.Add("uploads completed / failed", $"{slow.Completed} / {slow.Failed}");
        table.Add("ordinary p95 ms (10 requests/s of 20 ms)", Table.Number(ordinary.P95));
        table.Add("ordinary requests lost", $"{ordinary.Failed} of {ordinary.Count}");
        table.Add("weir killed", door.Weir is { Process.HasExited: true } ? "YES" : "no");
        ResultFile.Write(options, "small-memory",
            "The proxy and an app of 350 MiB in one memory cgroup of 512 MiB, with 500 clients uploading " +
            "4 MiB at 40 KiB/s. " +
            "Must: weir stays under 100 MB resident (VmRSS, sampled five times a second).",
            [FrontDoor.ProgramOf(doorName), "gunicorn"], table);
        return 0;
    }
}
