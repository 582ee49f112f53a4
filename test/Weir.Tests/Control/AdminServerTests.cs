using System.Net;
using System.Text.Json;
using Weir.Control;
using Weir.Ledger;
using Weir.Tests.Ledger;
using Weir.Verbs;

namespace Weir.Tests.Control;

/// <summary>A real Kestrel on loopback, on a port of its own, and its unix socket in a directory of its own.</summary>
public sealed class AdminServerTests : IAsyncLifetime
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), "weir-" + Guid.NewGuid().ToString("n")[..12]);
    private readonly List<string> _acts = [];
    private readonly ExchangeLedger _ledger = new(new() { Log = LogFormat.Off });
    private readonly HttpClient _http = new();
    private AdminServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _ledger.Write(Entries.Plain());
        _server = NewServer("127.0.0.1:0");
        await _server.StartAsync();
        _http.BaseAddress = new($"http://{_server.Tcp}/");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
        Directory.Delete(_directory);
    }

    [Fact]
    public async Task Status_has_house_and_counts()
    {
        var app = JsonDocument.Parse(await _http.GetStringAsync("/status")).RootElement.GetProperty("apps")[0];
        Assert.Equal(1, app.GetProperty("counts").GetProperty("outcomes").GetProperty("ok").GetInt64());
        Assert.Equal(3, app.GetProperty("queue").GetProperty("length").GetInt32());
    }

    [Fact]
    public async Task Metrics_are_prometheus_text()
    {
        using var response = await _http.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        PrometheusTextTests.AssertValid(await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Its_own_requests_are_in_no_metric()
    {
        await _http.GetStringAsync("/status");
        await _http.GetStringAsync("/metrics");
        Assert.Equal(1, _ledger.Totals().Exchanges);
    }

    [Theory]
    [InlineData("GET", "/healthz", "", HttpStatusCode.OK)]
    [InlineData("GET", "/nothing", "", HttpStatusCode.NotFound)]
    [InlineData("GET", "/pause", "", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/pause", "Bearer s3cret", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/pause", "", HttpStatusCode.Forbidden)]
    [InlineData("POST", "/pause", "Bearer wrong", HttpStatusCode.Forbidden)]
    [InlineData("POST", "/pause", "Bearer s3cret", HttpStatusCode.OK)]
    [InlineData("POST", "/drain/web.9", "Bearer s3cret", HttpStatusCode.Conflict)]
    [InlineData("POST", "/bypass/slots/maybe", "Bearer s3cret", HttpStatusCode.NotFound)]
    public async Task A_request_over_tcp_gets_its_status(string method, string path, string token,
        HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (token.Length > 0)
            request.Headers.TryAddWithoutValidation("Authorization", token);
        using var response = await _http.SendAsync(request);
        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    public async Task A_foreign_page_gets_nothing(string name, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/status");
        request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.DoesNotContain("apps", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Verbs_find_it_and_act_over_its_socket_without_a_token()
    {
        using var client = AdminClient.Open(null, _directory);
        await client.PostAsync("/bypass/slots/on");
        await client.PostAsync("/bypass/slots/off");
        await client.PostAsync("/drain/web.1");
        Assert.Equal("needs a restart: admin", await client.PostAsync("/reload"));
        Assert.Equal(["bypass slots True", "bypass slots False", "drain web.1", "reload"], _acts);
        var fault = await Assert.ThrowsAsync<AdminException>(() => client.PostAsync("/drain/web.9"));
        Assert.Equal("no instance web.9", fault.Message);
    }

    [Fact]
    public async Task Warming_is_asked_for_of_one_app_or_of_all_and_says_what_it_costs()
    {
        using var client = AdminClient.Open(null, _directory);
        Assert.Equal("", await client.PostAsync("/warm"));
        Assert.Equal("my app", await client.PostAsync("/warm/my%20app?dry=1"));
        Assert.Equal(["warm  False", "warm my app True"], _acts);
        var fault = await Assert.ThrowsAsync<AdminException>(() => client.PostAsync("/warm/cold"));
        Assert.Equal("cold", fault.Message);
    }

    [Fact]
    public void Socket_and_directory_are_the_owners_alone()
    {
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_server.Unix!));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(_directory));
    }

    [Fact]
    public async Task A_taken_port_gives_way_to_the_next()
    {
        await using var second = NewServer(_server.Tcp!.ToString(), "second");
        await second.StartAsync();
        Assert.True(second.Tcp!.Port > _server.Tcp.Port);
        await second.DisposeAsync();
        Directory.Delete(second.Directory);
    }

    [Fact]
    public async Task Unix_only_has_mode_0600_and_no_port()
    {
        var path = Path.Combine(Path.GetTempPath(), "weir-" + Guid.NewGuid().ToString("n")[..12] + ".sock");
        var server = NewServer("unix:" + path, "unix");
        await server.StartAsync();
        Assert.Null(server.Tcp);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        using (var client = AdminClient.Open("unix:" + path))
            Assert.Contains("\"apps\"", System.Text.Encoding.UTF8.GetString(await client.GetAsync("/status")));
        await Assert.ThrowsAsync<IOException>(() => NewServer("unix:" + path, "unix").StartAsync());
        await server.DisposeAsync();
        Assert.False(File.Exists(path));
        Directory.Delete(server.Directory);
    }

    [Fact]
    public async Task Off_listens_nowhere()
    {
        await using var server = NewServer("off", "off");
        await server.StartAsync();
        Assert.Null(server.Tcp);
        Assert.Null(server.Unix);
        Assert.False(Directory.Exists(server.Directory));
    }

    [Fact]
    public async Task Logs_are_followed_line_by_line()
    {
        using var client = AdminClient.Open(null, _directory);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var lines = client.FollowAsync("/logs", cancel.Token).GetAsyncEnumerator(cancel.Token);
        var next = lines.MoveNextAsync();
        while (!_ledger.Tail.HasViewers)
            await Task.Yield();
        _ledger.Write(Entries.Plain());
        Assert.True(await next);
        Assert.StartsWith("at=info method=GET ", lines.Current.Data);
        Assert.EndsWith("Z", lines.Current.Data);
    }

    [Fact]
    public async Task Events_are_snapshots()
    {
        using var client = AdminClient.Open(null, _directory);
        await foreach (var (_, data) in client.FollowAsync("/events"))
        {
            Assert.Equal("0.1.0", JsonDocument.Parse(data).RootElement.GetProperty("version").GetString());
            break;
        }
    }

    [Fact]
    public async Task A_stop_ends_streams()
    {
        var server = NewServer("127.0.0.1:0", "stop");
        await server.StartAsync();
        using var client = AdminClient.Open(server.Tcp!.ToString());
        await using var events = client.FollowAsync("/events").GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        await server.DisposeAsync();
        Directory.Delete(server.Directory);
    }

    [Fact]
    public async Task A_dump_holds_no_secret()
    {
        var entry = Entries.Plain();
        entry.Path = "/reset?token=hunter2&a=1"u8;
        entry.ForwardedFor = "203.0.113.77"u8;
        _ledger.Write(entry);
        var dump = await _http.GetStringAsync("/dump");
        Assert.DoesNotContain("hunter2", dump);
        Assert.DoesNotContain("hunter3", dump);
        Assert.DoesNotContain("203.0.113.77", dump);
        var root = JsonDocument.Parse(dump).RootElement;
        Assert.Equal("/reset?token=***&a=1", root.GetProperty("recent")[1].GetProperty("path").GetString());
        Assert.Equal("flag", root.GetProperty("settings")[1].GetProperty("source").GetString());
        var app = root.GetProperty("house").GetProperty("apps")[0];
        Assert.Equal(3, app.GetProperty("queue").GetProperty("length").GetInt32());
    }

    [Fact]
    public void A_dump_file_is_the_owners_alone_and_never_overwrites()
    {
        var one = DumpWriter.WriteFile(_directory, DateTimeOffset.UnixEpoch, "{}"u8);
        var two = DumpWriter.WriteFile(_directory, DateTimeOffset.UnixEpoch, "{}"u8);
        Assert.Equal("weir-dump-19700101T000000Z.json", Path.GetFileName(one));
        Assert.NotEqual(one, two);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(one));
        File.Delete(one);
        File.Delete(two);
    }

    private AdminServer NewServer(string listen, string? directory = null) => new(
        new() { Listen = listen, Token = "s3cret" },
        new()
        {
            Snapshot = () => Snapshots.Busy,
            Settings = () => [new("admin.token", "hunter3", "weir.yaml:3"), new("queue.max-wait", "5s", "flag")],
            Bypass = (part, isOff) => Did($"bypass {part} {isOff}"),
            Drain = instance => Task.FromResult(instance == "web.1" ? Did("drain web.1") : $"no instance {instance}"),
            Restart = () => Task.FromResult(Did("restart")),
            Scale = counts => Task.FromResult(Did("scale " + counts)),
            Warm = (app, isDry) => Did($"warm {app} {isDry}") is null && app == "cold"
                ? new ActReply(false, "cold") : new ActReply(true, Note: app),
            Pause = () => Did("pause"),
            Resume = () => Did("resume"),
            Reload = () => new ActReply(Did("reload") is null, Note: "needs a restart: admin"),
        },
        _ledger)
    {
        Directory = directory is null ? _directory : _directory + directory,
    };

    private string? Did(string act)
    {
        _acts.Add(act);
        return null;
    }
}
