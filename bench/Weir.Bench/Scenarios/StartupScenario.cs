using Weir.Bench.Doors;
using Weir.Bench.Figures;
using Weir.Bench.Load;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Scenarios;

/// <summary>From starting the program to the first good answer through it, the app already there.</summary>
internal static class StartupScenario
{
    public static int Run(BenchOptions options)
    {
        var doors = options.AgainstOr("nginx", "haproxy", "weir");
        using var app = AppServer.StartNginx("server { listen PORT; location / { return 200 'hello'; } }");
        var times = doors.ToDictionary(d => d, _ => new List<double>());
        for (var run = 0; run < options.RunsOr(quick: 5, full: 10); run++)
        {
            foreach (var doorName in doors) times[doorName].Add(Measure(doorName, app.Port));
        }

        var table = new Table("", "program", "median ms", "fastest", "slowest");
        foreach (var (doorName, measured) in times)
        {
            var sample = new Sample(measured);
            table.Add(
                doorName, Table.Number(sample.Median, "0"), Table.Number(sample.Percentile(0), "0"),
                Table.Number(sample.Max, "0"));
        }

        ResultFile.Write(options, "startup",
            "Milliseconds from starting the built program (a shell's exec of some 2 ms in it) to the " +
            "first 200 through it. " +
            "Must: median under 300 for weir.",
            doors.Select(FrontDoor.ProgramOf), table);
        return 0;
    }

    private static double Measure(string doorName, int appPort)
    {
        var began = Clock.Now;
        using var door = FrontDoor.Start(doorName, new DoorSetup { Upstreams = [appPort] });
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (Ask(door, stop.Token) != 200)
        {
            stop.Token.ThrowIfCancellationRequested();
            Thread.Sleep(1);
        }

        return (Clock.Now - began) / 1000.0;
    }

    private static int Ask(FrontDoor door, CancellationToken stop) =>
        HttpExchange.GetAsync(door.EndPoint, new PlannedRequest(0, "/"), stop).GetAwaiter().GetResult().Status;
}
