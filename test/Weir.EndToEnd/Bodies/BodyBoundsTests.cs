using Weir.Config;
using Weir.Core.Ledger;
using Weir.EndToEnd.Support;
using Weir.Intake;

namespace Weir.EndToEnd.Bodies;

/// <summary>What bounds bodies in number, bytes, time and disk: always an answer, never a hang.</summary>
public sealed class BodyBoundsTests
{
    private const string Begun = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nbegun";
    private const string Large = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n";

    [Fact]
    public void A_client_address_has_so_many_unfinished_bodies_and_no_more()
    {
        using var app = ScriptedApp.Echo();
        using var house = With(app, intake => intake with { ClientBodiesMax = 3 });
        var begun = Enumerable.Range(0, 3).Select(_ => house.Connect().Send(Begun)).ToList();
        Eventually.True(() => house.Status.BufferBytes >= 3 * 16 * 1024, "three bodies under way");
        var answer = house.Ask(Begun);
        Assert.Equal((503, "W14"), (answer.Status, answer.Field("X-Weir-Code")));
        // Requests without a body are nobody's burden, and a place comes back with its client's leaving.
        Assert.Equal(200, house.Get().Status);
        begun[0].Dispose();
        house.RecordOf(Outcome.ClientGoneReceiving);
        using var again = house.Connect();
        again.Send(Begun);
        Assert.False(again.IsClosedWithin(TimeSpan.FromMilliseconds(300)));
        begun.ForEach(client => client.Dispose());
    }

    [Fact]
    public void A_client_address_has_so_many_unfinished_bytes_and_no_more()
    {
        using var app = ScriptedApp.Echo();
        using var house = With(app, intake => intake with { ClientBytesMax = 500_000 });
        using var client = house.Connect();
        client.Send(Large).Send(new byte[600_000]);
        var answer = client.ReadAnswer();
        Assert.Equal((503, "W14"), (answer.Status, answer.Field("X-Weir-Code")));
        Assert.Equal(200, house.Get().Status);
    }

    [Fact]
    public void Over_the_total_spill_budget_an_upload_is_503_and_the_budget_comes_back()
    {
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app, 1, options => options with { Spill = new() { BytesMax = 128 * 1024 } });
        using var client = house.Connect();
        client.Send(Large);
        SendWhatGoes(client, 3_000_000);
        var answer = client.ReadAnswer();
        Assert.Equal((503, "W15"), (answer.Status, answer.Field("X-Weir-Code")));
        Assert.Equal(Outcome.BodyBudgetTotal, house.Record().Outcome);
        Eventually.True(() => house.Status.SpillBytes == 0, "the budget is back");
        Assert.Equal(200, house.Ask($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"
            + $"{new string('x', 100_000)}").Status);
        Assert.Single(app.Heads);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("a file in its place")]
    [InlineData("full disk")]
    public void Without_a_spill_directory_a_large_upload_is_503_and_a_small_one_goes_on(string what)
    {
        var folder = Path.Combine(TemporaryFolder.Make(), "spill");
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app, 1, options => options with { Spill = new() { Directory = folder } });
        if (what != "full disk") Directory.Delete(folder);
        if (what == "a file in its place") File.WriteAllText(folder, "");
        if (what == "full disk")
            house.House.Rooms.Disk.Obstacle = _ => throw new IOException("No space left on device");
        for (var i = 0; i < 2; i++)
        {
            using var client = house.Connect();
            client.Send(Large);
            SendWhatGoes(client, 3_000_000);
            var answer = client.ReadAnswer();
            Assert.Equal((503, "W16"), (answer.Status, answer.Field("X-Weir-Code")));
        }

        Assert.Equal(200, house.Ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello").Status);
        Assert.Equal(Outcome.SpillFailed, house.Record().Outcome);
        Eventually.True(() => house.Status.SpillBytes == 0, "the budget is back");
    }

    [Fact]
    public void Spill_files_have_no_name_and_their_folder_is_private()
    {
        var folder = Path.Combine(TemporaryFolder.Make(), "spill");
        using var app = ScriptedApp.Echo();
        using var house = TestHouse.Before(app, 1, options => options with { Spill = new() { Directory = folder } });
        using var client = house.Connect();
        client.Send(Large).Send(new byte[1_000_000]);
        Eventually.True(() => house.Status.SpillBytes > 0, "the body spills");
        Eventually.True(() => Directory.GetFiles(folder).Length == 0, "no file is to be seen");
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(folder));
    }

    [Fact]
    public void An_idle_body_is_408()
    {
        using var app = ScriptedApp.Echo();
        using var house = With(app, intake => intake with { Idle = TimeSpan.FromMilliseconds(300) });
        var answer = house.Ask(Begun);
        Assert.Equal((408, "W20"), (answer.Status, answer.Field("X-Weir-Code")));
        Assert.Equal(Outcome.BodyTimeout, house.Record().Outcome);
    }

    [Fact]
    public void A_body_that_takes_too_long_in_all_is_408()
    {
        using var app = ScriptedApp.Echo();
        using var house = With(app, intake => intake with { TimeMax = TimeSpan.FromMilliseconds(700) });
        using var client = house.Connect();
        client.Send(Begun);
        using var trickle = Trickle(client);
        Assert.Equal(408, client.ReadAnswer().Status);
    }

    [Fact]
    public void A_body_slower_than_the_least_rate_is_408_after_the_grace()
    {
        using var app = ScriptedApp.Echo();
        using var house = With(app, intake => intake with
        {
            RateMin = 1000,
            RateGrace = TimeSpan.FromMilliseconds(100),
        });
        using var client = house.Connect();
        client.Send(Begun);
        using var trickle = Trickle(client);
        Assert.Equal(408, client.ReadAnswer().Status);
        Assert.Equal(Outcome.BodyTimeout, house.Record().Outcome);
        // It sends on after its answer, and that is read away until it hears.
        Thread.Sleep(300);
        Assert.Single(house.Records());
    }

    private static Timer Trickle(RawClient client) => new(_ => SendWhatGoes(client, 1), null, 50, 50);

    private static TestHouse With(ScriptedApp app, Func<IntakeOptions, IntakeOptions> change) =>
        TestHouse.Before(app, 1, (WeirOptions options) => options with { Intake = change(options.Intake) });

    /// <summary>Sends what Weir takes: it may have answered, and closed, before the end.</summary>
    private static void SendWhatGoes(RawClient client, int bytes)
    {
        try
        {
            client.Send(new byte[bytes]);
        }
        catch (Exception fault) when (fault is System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            // Refused in between, as it should be.
        }
    }
}
