using System.Globalization;
using System.Text.Json;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>The admin door of a <c>weir pool</c>, and the verbs that go through it.</summary>
public sealed class PoolAdminTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Status_metrics_and_health_are_there_as_at_a_front_door()
    {
        var admin = "127.0.0.1:" + FreePort.Next().ToString(CultureInfo.InvariantCulture);
        using var pool = Start(admin);
        using var client = PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
        client.Do("select 1");
        pool.Process!.WaitForPort(int.Parse(admin[10..], CultureInfo.InvariantCulture), Soon);
        using var http = new HttpClient { BaseAddress = new Uri($"http://{admin}/"), Timeout = Soon };
        var cancel = TestContext.Current.CancellationToken;
        Assert.Equal("ok\n", await http.GetStringAsync("/healthz", cancel));
        var house = JsonDocument.Parse(await http.GetStringAsync("/status", cancel)).RootElement;
        Assert.Empty(house.GetProperty("apps").EnumerateArray());
        Assert.Equal(1, house.GetProperty("connections").GetInt32());
        var shown = house.GetProperty("pools").EnumerateArray().Single();
        Assert.Equal($"{PostgresServer.Database}/{PostgresServer.User}", shown.GetProperty("name").GetString());
        Assert.Equal(4, shown.GetProperty("size").GetInt32());
        Assert.True(shown.GetProperty("transactions").GetInt64() >= 1);
        var metrics = await http.GetStringAsync("/metrics", cancel);
        foreach (var name in (string[])
            [
                "db_client_connection_count", "db_client_connection_max",
                "db_client_connection_create_time_seconds_count", "weir_pool_transactions_total",
                "weir_pool_hidden_resets_total", "weir_connections", "process_cpu_seconds_total",
            ])
            Assert.Contains($"\n{name}", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("weir_queue", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public void Verbs_look_at_it_and_say_what_it_cannot_do() => WithDoor((admin, _) =>
    {
        var name = $"{PostgresServer.Database}/{PostgresServer.User}";
        Assert.Contains($"pool {name} (transaction): 0 of 4 lent", Run(0, "status", admin),
            StringComparison.Ordinal);
        var json = JsonDocument.Parse(Run(0, "status", admin, "--json")).RootElement;
        Assert.Equal(name, json.GetProperty("pools")[0].GetProperty("name").GetString());
        var dump = File.ReadAllText(Run(0, "dump", admin, Path.GetDirectoryName(admin[5..])!).Trim());
        Assert.Contains("\"pool.size\"", dump, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", dump, StringComparison.Ordinal);
        Assert.Contains("started no instances", Run(1, "restart", admin), StringComparison.Ordinal);
        Assert.Contains("started no instances", Run(1, "scale", admin, "web=2"), StringComparison.Ordinal);
        Assert.Contains("started no instances", Run(1, "drain", admin, "web.1"), StringComparison.Ordinal);
        Assert.Contains("no part to bypass", Run(1, "bypass", admin, "slots", "on"), StringComparison.Ordinal);
        Assert.Contains("no ledger to follow", Run(1, "logs", admin), StringComparison.Ordinal);
        Assert.Contains("reloaded", Run(0, "reload", admin), StringComparison.Ordinal);
    });

    [Fact]
    public void Pause_holds_clients_until_resume() => WithDoor((admin, client) =>
    {
        Run(0, "pause", admin);
        client.Send(new PgBatch().Query("select 'late'"));
        Eventually.True(() => Run(0, "status", admin).Contains("1 waiting", StringComparison.Ordinal),
            "the client waits");
        Assert.Contains("PAUSED", Run(0, "status", admin), StringComparison.Ordinal);
        Assert.Contains("paused already", Run(1, "pause", admin), StringComparison.Ordinal);
        Run(0, "resume", admin);
        Assert.Equal("late", client.ReadAnswer().Value);
    });

    [Fact]
    public void The_banner_says_where_it_is()
    {
        var port = FreePort.Next();
        var admin = "127.0.0.1:" + FreePort.Next().ToString(CultureInfo.InvariantCulture);
        using var process = ChildProcess.Start(
        [
            .. Checkout.Weir, "pool", "--to", postgres.Server.Url(), "--auth", "trust", "--admin", admin,
            "--listen", "127.0.0.1:" + port.ToString(CultureInfo.InvariantCulture),
        ]);
        Eventually.True(() => process.Output.Contains($"admin on http://{admin}", StringComparison.Ordinal),
            "the banner names the admin door");
    }

    /// <summary>A pooler with an admin door in a folder of its own, and a client that has asked something.</summary>
    private void WithDoor(Action<string, PgRawClient> look)
    {
        var folder = TemporaryFolder.Make();
        try
        {
            var admin = "unix:" + Path.Combine(folder, "admin");
            using var pool = Start(admin);
            using var client = PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
            client.Do("select 1");
            Eventually.True(() => File.Exists(admin[5..]), "its admin door is open");
            look(admin, client);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private PoolDoor Start(string admin) => PoolDoor.Start(
        "weir", new PoolSetup { To = postgres.Server.Port, PoolSize = 4, Password = "s3cret", Admin = admin });

    private static string Run(int code, string verb, string admin, params string[] words)
    {
        using var process = ChildProcess.Start([.. Checkout.Weir, verb, "--admin", admin, .. words]);
        Assert.True(process.WaitForExit(Soon), $"weir {verb} does not end:\n{process.Output}");
        Assert.True(process.ExitCode == code, $"weir {verb} ended with {process.ExitCode}:\n{process.Output}");
        return process.Output;
    }
}
