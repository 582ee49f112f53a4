using System.Text.Json;
using Weir.Core.Ledger;
using Weir.EndToEnd.Support;
using Weir.Sim.Recordings;
using Weir.Tests.Support;
using Weir.Verbs;

namespace Weir.EndToEnd.Running;

/// <summary>A real run, recorded, gives every command again, and can be gone on from.</summary>
public sealed class RecordTests
{
    [Fact]
    public void A_recorded_run_gives_every_command_again()
    {
        var folder = TemporaryFolder.Make();
        var file = Path.Combine(folder, "run.rec");
        int answered;
        using (var app = Busy())
        {
            using var house = TestHouse.Before([$"{app.Address}=2", $"{app.Address}=1"], options => options with
            {
                Record = new Recording.RecordOptions { File = file },
                Apps = [options.Apps[0] with
                {
                    Routing = new() { QueueWaitMax = 300_000, QueueLengthMax = 12 },
                    FirstByteTimeout = TimeSpan.FromMilliseconds(400),
                }],
            });
            answered = Drive(house);
            house.AllSlotsComeBack();
        }

        var survey = Assert.Single(RecordingSurvey.Read(file));
        Assert.Null(survey.Replay.Difference);
        Assert.Equal(RecordingEnd.Stopped, survey.Replay.End);
        Assert.Equal("web", survey.Name);
        // Those of the bypass had no slot.
        Assert.InRange(answered - survey.Measured.Wait.Count, 0, survey.LeftOut);
        Assert.InRange(survey.LeftOut, 1, answered / 2);
        Assert.True(survey.Measured.Lost > 0 && survey.Measured.GaveUp > 0, "nothing went wrong, so nothing is shown");
        Assert.Equal((2, 3), (survey.Instances, survey.HeldMost));
        Assert.Contains(survey.Routes, route => route.Name == "GET /work/*" && route.Count > 100);
        GoOnFrom(file);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Answers after some milliseconds; now and then it hangs up, or takes far too long.</summary>
    private static ScriptedApp Busy() => new(connection =>
    {
        while (connection.ReadRequest() is { } head)
        {
            Thread.Sleep(head.Contains("/slow", StringComparison.Ordinal) ? 700 : 4);
            if (head.Contains("/cut", StringComparison.Ordinal))
                return;
            connection.Answer("ok");
        }
    });

    /// <summary>Sixteen clients for some seconds; reloads, pauses and a bypass beside them.</summary>
    private static int Drive(TestHouse house)
    {
        var threads = SideThread.Start(16, client =>
        {
            for (var i = 0; i < 60; i++)
            {
                var target = (client + i) % 37 == 0 ? "/slow" : (client + i) % 23 == 0 ? "/cut/1" : $"/work/{i}";
                using var connection = house.Connect();
                connection.Send($"{((client + i) % 3 == 0 ? "POST" : "GET")} {target} HTTP/1.1\r\nHost: a\r\n"
                    + ((client + i) % 3 == 0 ? "Content-Length: 3\r\n\r\nabc" : "\r\n"));
                // Some clients do not wait for their answer.
                if (i % 29 == 7)
                    connection.Reset();
                else
                    connection.ReadAnswer();
            }
        });
        Thread.Sleep(300);
        house.Acts.Pause();
        Thread.Sleep(50);
        house.Acts.Resume();
        Assert.Null(house.Acts.Bypass("slots", true));
        Thread.Sleep(50);
        Assert.Null(house.Acts.Bypass("slots", false));
        SideThread.JoinAll(threads);
        house.AllSlotsComeBack();
        return house.Records().Count(record => record.Outcome == Outcome.Answered);
    }

    private static void GoOnFrom(string file)
    {
        using var output = new StringWriter();
        var values = new Dictionary<string, string>
        {
            ["replay"] = file,
            ["what-if"] = "workers=4;policy=random;rate=x2",
            ["json"] = "on",
        };
        Assert.Equal(0, SimulateVerb.RunAsync(new VerbCall(values, [], []), output).GetAwaiter().GetResult());
        using var json = JsonDocument.Parse(output.ToString());
        Assert.True(json.RootElement.GetProperty("replay").GetProperty("same").GetBoolean());
        var columns = json.RootElement.GetProperty("columns");
        Assert.Equal(["recorded", "simulated", "workers=4", "policy=random", "rate=x2"],
            columns.EnumerateObject().Select(column => column.Name));
        double Wait(string column) => columns.GetProperty(column).GetProperty("wait").GetProperty("mean").GetDouble();
        Assert.True(Wait("workers=4") < Wait("simulated"));
    }
}
