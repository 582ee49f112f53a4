using Weir.Config;
using Weir.Core.Routing;
using Weir.Tests.Support;

namespace Weir.Tests.Config;

public sealed class SettingsBinderTests
{
    private static readonly Dictionary<string, string> s_none = [];

    [Fact]
    public void Nothing_said_gives_the_defaults_and_one_app()
    {
        var (options, faults) = SettingsBinder.Bind(s_none, s_none, null, "weir.yaml");
        Assert.Empty(faults);
        Assert.Equal(OptionsText.Write(new WeirOptions()), OptionsText.Write(options!));
        Assert.Equal("web", Assert.Single(options!.Apps).Name);
    }

    [Fact]
    public void File_environment_and_flags_bind_as_the_golden_file_says()
    {
        var golden = Path.Combine(AppContext.BaseDirectory, "Config", "golden");
        var flags = new Dictionary<string, string> { ["queue.max-wait"] = "4s", ["log"] = "json" };
        var environment = new Dictionary<string, string>
        {
            ["WEIR_QUEUE_MAX_WAIT"] = "5s",
            ["WEIR_QUEUE_MAX_LENGTH"] = "off",
            ["WEIR_GATE"] = "strict",
            ["TOKEN"] = "s3cret",
            ["HOME"] = "/root",
        };
        var yaml = File.ReadAllText(Path.Combine(golden, "weir.yaml"));
        var (options, faults) = SettingsBinder.Bind(flags, environment, yaml, "weir.yaml");
        Assert.Empty(faults);
        // Written beside the golden file, so that a change that is meant can be looked at and copied over.
        File.WriteAllText(Path.Combine(golden, "options.actual.txt"), OptionsText.Write(options!));
        Assert.Equal(File.ReadAllText(Path.Combine(golden, "options.txt")), OptionsText.Write(options!));
    }

    [Theory]
    [InlineData("1s", "2s", "queue.max-wait: 3s", 1_000_000)]
    [InlineData(null, "2s", "queue.max-wait: 3s", 2_000_000)]
    [InlineData(null, null, "queue.max-wait: 3s", 3_000_000)]
    [InlineData(null, null, "queue: {max-wait: 3s}", 3_000_000)]
    [InlineData(null, null, "", 10_000_000)]
    [InlineData("1s", null, "apps: {web: {queue.max-wait: 4s}}", 1_000_000)]
    [InlineData(null, null, "queue.max-wait: 3s\napps: {web: {queue.max-wait: 4s}}", 4_000_000)]
    public void The_stronger_source_holds(string? flag, string? variable, string yaml, long micros)
    {
        var flags = flag is null ? s_none : new() { ["queue.max-wait"] = flag };
        var environment = variable is null ? s_none : new() { ["WEIR_QUEUE_MAX_WAIT"] = variable };
        Assert.Equal(micros, Bind(yaml, flags, environment).Apps[0].Routing.QueueWaitMax);
    }

    [Theory]
    [InlineData("queue.max-wiat: 3s", "weir.yaml:1: queue.max-wiat: no such setting; did you mean queue.max-wait?")]
    [InlineData("a: 1\n\nmax-wait: 3s", "weir.yaml:3: max-wait: no such setting; did you mean queue.max-wait?")]
    [InlineData("queue:\n  max-wait: soon",
        "weir.yaml:2: queue.max-wait: 'soon' is not a duration; write it like 250ms, 10s, 5m or 1h")]
    [InlineData("queue.max-wait: 2h", "weir.yaml:1: queue.max-wait: '2h' is out of range: 1ms to 1h")]
    [InlineData("queue.max-wait:", "weir.yaml:1: queue.max-wait: has no value; give one or take the line away")]
    [InlineData("gate: lax", "weir.yaml:1: gate: 'lax' is not one of strict, report")]
    [InlineData("to: http://a:80", "(without http://)")]
    [InlineData("to: [127.0.0.1:80=x]", "'x' is not a number of slots")]
    [InlineData("listen: ['0.0.0.0:8080']\nto: 'localhost:8080=2'", "localhost:8080 is Weir itself")]
    [InlineData("listen: [8080]\nto: '127.0.0.1:8080'", "127.0.0.1:8080 is Weir itself")]
    [InlineData("listen: ['unix:/run/w']\nto: 'unix:/run/w=2'", "unix:/run/w is Weir itself")]
    [InlineData("to: [a:1, 'a:1=2']", "a:1 is given twice in web")]
    [InlineData("listen-tls: :443", "weir.yaml:1: listen-tls: needs a certificate")]
    [InlineData("shutdown.deadline: 500ms", "out of range: 1s to 1h")]
    [InlineData("app.first-byte-timeout: 0", "weir.yaml:1: app.first-byte-timeout: '0' is out of range: 1ms to 1d")]
    [InlineData("apps: {web: {intake.memory: 1MiB}}",
        "apps.web.intake.memory: belongs at the top of the file, not here")]
    [InlineData("apps: {web: {routes: [{path: /x, steam: on}]}}",
        "apps.web.routes[0].steam: no such setting; did you mean stream?")]
    [InlineData("apps: {web: {routes: [{stream: on}]}}", "apps.web.routes[0]: a route needs a path")]
    [InlineData("to: [a:1]\napps: {a: {path: /a}, b: {path: /b}}", "which app is meant? Put it into one of apps: a, b")]
    [InlineData("apps: {a: {to: ['a:1']}, b: {to: ['b:1']}}", "a and b both take */")]
    [InlineData("queue.max-wait: [1s, 2s]", "takes one value, not a list")]
    [InlineData("pool.to: postgres://u:p@localhost:6432/d", "localhost:6432 is the pooler itself, which listens on")]
    [InlineData("pool: {to: 'postgres://u:p@h:7000/d', listen: ['h:7000']}", "h:7000 is the pooler itself")]
    [InlineData("pool.to: mysql://u:s3cret@h/d", "weir.yaml:1: pool.to: not a valid value")]
    [InlineData("pool: {size: 5, size-min: 6}", "pool.size-min: is more than pool.size (5)")]
    [InlineData("pool.tls: require", "weir.yaml:1: pool.tls: needs pool.tls-certificate and pool.tls-key")]
    [InlineData("pool.auth: cert", "weir.yaml:1: pool.auth: cert needs pool.tls verify-full")]
    [InlineData("pool.auth-database: d", "pool.auth-database: needs pool.auth-user")]
    [InlineData("run.pool: unix:/x", "run.pool: 'unix:/x' is not an address to connect to")]
    [InlineData("queue: 5", "weir.yaml:1: queue: is a section; give it keys")]
    [InlineData("queue.max-wait: 1s\nqueue: {max-wait: 2s}", "weir.yaml:2: queue.max-wait: is given twice")]
    [InlineData("log.file: ${WHERE}", "WHERE is not set in the environment")]
    [InlineData("admin.token: file:/nowhere/token", "/nowhere/token cannot be read")]
    [InlineData("listen: :80\nport: 81", "give listen or port, not both")]
    [InlineData("trusted-proxies: [heroko]", "did you mean heroku?")]
    [InlineData("a: [", "not valid YAML")]
    [InlineData("- a", "the file must be a mapping")]
    public void A_fault_names_key_line_and_remedy(string yaml, string fault)
    {
        var (options, faults) = SettingsBinder.Bind(s_none, s_none, yaml, "weir.yaml");
        Assert.Null(options);
        Assert.Contains(faults, found => found.ToString().Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_fault_is_told_at_once_with_its_source()
    {
        var flags = new Dictionary<string, string> { ["queue.max-length"] = "-1" };
        var environment = new Dictionary<string, string> { ["WEIR_GATE"] = "off" };
        var (options, faults) = SettingsBinder.Bind(flags, environment, "http2: maybe\nlog: xml", "conf/w.yaml");
        Assert.Null(options);
        Assert.Equal(
            ["--queue-max-length", "WEIR_GATE", "conf/w.yaml:1", "conf/w.yaml:2"],
            faults.Select(fault => fault.Where).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_unknown_variable_of_ours_is_a_warning()
    {
        var environment = new Dictionary<string, string> { ["WEIR_QUEUE_MAXWAIT"] = "5s" };
        var (options, faults) = SettingsBinder.Bind(s_none, environment, null, "weir.yaml");
        Assert.NotNull(options);
        Assert.Equal(
            "WEIR_QUEUE_MAXWAIT: no such setting; did you mean WEIR_QUEUE_MAX_WAIT?", Assert.Single(faults).ToString());
    }

    [Theory]
    [InlineData("", null, ":8080")]
    [InlineData("", "5000", ":5000")]
    [InlineData("listen: 127.0.0.1:90", "5000", ":5000")]
    [InlineData("port: 90", null, ":90")]
    [InlineData("listen: 90", null, ":90")]
    public void Port_of_the_platform_is_listened_on(string yaml, string? port, string listen)
    {
        var environment = port is null ? s_none : new() { ["PORT"] = port };
        Assert.Equal([listen], Bind(yaml, s_none, environment).Edge.Listen);
    }

    [Fact]
    public void A_flag_goes_before_the_platforms_port()
    {
        var environment = new Dictionary<string, string> { ["PORT"] = "5000" };
        var options = Bind("port: 1", new() { ["listen"] = "[::1]:7000,unix:/tmp/w" }, environment);
        Assert.Equal(["[::1]:7000", "unix:/tmp/w"], options.Edge.Listen);
    }

    [Theory]
    [InlineData("", "heroku", 95)]
    [InlineData("edge.keep-alive: 20s", "heroku", 20)]
    [InlineData("trusted-proxies: none", "", 75)]
    [InlineData("trusted-proxies: [10.0.0.0/8]", "10.0.0.0/8", 75)]
    [InlineData("trusted-proxies: [cloudflare]", "cloudflare", 95)]
    public void A_dyno_trusts_its_router_unless_told_otherwise(string yaml, string trusted, int keepAlive)
    {
        var options = Bind(yaml, s_none, new() { ["DYNO"] = "web.1" });
        Assert.Equal(trusted, string.Join(',', options.Trust.TrustedProxies));
        Assert.Equal(TimeSpan.FromSeconds(keepAlive), options.Edge.KeepAlive);
    }

    [Theory]
    [InlineData("to: 127.0.0.1:1", "127.0.0.1:1=1")]
    [InlineData("to: 127.0.0.1:1\nslots: 4", "127.0.0.1:1=4")]
    [InlineData("to: unix:/a=b/s=3\nslots: 4", "unix:/a=b/s=3")]
    [InlineData("to: 127.0.0.1:1\nslots: async", "127.0.0.1:1=async")]
    [InlineData("to: 127.0.0.1:1, 127.0.0.1:2=5", "127.0.0.1:1=1 127.0.0.1:2=5")]
    public void An_address_without_slots_gets_the_apps(string yaml, string to) =>
        Assert.Equal(to, string.Join(' ', Bind(yaml, s_none, s_none).Apps[0].To));

    [Fact]
    public void A_secret_comes_from_its_file_and_is_never_shown()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "s3cret\n");
        var options = Bind($"admin.token: file:{path}", s_none, s_none);
        File.Delete(path);
        Assert.Equal("s3cret", options.Admin.Token);
        Assert.Equal("***", Assert.Single(options.Sources).Value);
    }

    [Theory]
    [InlineData("log.file: file:{0}", "log.file")]
    [InlineData("instance.stop-timeout: file:{0}", "instance.stop-timeout")]
    [InlineData("to: ['file:{0}']", "to")]
    [InlineData("apps: {web: {to: ['127.0.0.1:80', 'file:{0}']}}", "apps.web.to")]
    [InlineData("queue.max-length: ${MISSING:-file:{0}}", "queue.max-length")]
    public void Any_value_may_stand_in_a_file_of_its_own_and_a_fault_does_not_tell_it(string yaml, string key)
    {
        var path = Path.GetTempFileName();
        var text = yaml.Replace("{0}", path, StringComparison.Ordinal);
        File.WriteAllText(path, key == "log.file" ? "" : "s3cret with spaces\n");
        var (options, faults) = SettingsBinder.Bind(s_none, s_none, text, "weir.yaml");
        Assert.Null(options);
        Assert.Equal(key, faults[0].Key);
        Assert.DoesNotContain(faults, fault => fault.ToString().Contains("s3cret", StringComparison.Ordinal));

        File.WriteAllText(path, key switch
        {
            "instance.stop-timeout" => "5s",
            "queue.max-length" => "7",
            "log.file" => "/var/log/weir.log",
            _ => "10.0.0.1:80=2",
        } + "\r\n");
        (options, faults) = SettingsBinder.Bind(s_none, s_none, text, "weir.yaml");
        File.Delete(path);
        Assert.Empty(faults);
        var source = Assert.Single(options!.Sources).Value;
        Assert.Contains("file:" + path, source, StringComparison.Ordinal);
        Assert.DoesNotContain("10.0.0.1", source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("${A}", "one")]
    [InlineData("x${A}y${B:-two}z", "xoneytwoz")]
    public void An_item_of_a_list_is_filled_in_too(string written, string filled)
    {
        var hosts = Bind($"hosts: ['{written}.org']", s_none, new() { ["A"] = "one" }).Apps[0].Hosts;
        Assert.Equal([filled + ".org"], hosts);
    }

    [Fact]
    public void A_value_is_filled_in_from_the_environment()
    {
        var options = Bind("log.file: ${DIR}/a-${N:-1}.log", s_none, new() { ["DIR"] = "/l" });
        Assert.Equal("/l/a-1.log", options.Ledger.File);
    }

    [Fact]
    public void Top_level_settings_hold_for_every_app()
    {
        var yaml = "routing.policy: random\napps: {a: {hosts: [a.org]}, b: {hosts: [b.org], routing.policy: central}}";
        var apps = Bind(yaml, s_none, s_none).Apps;
        Assert.Equal([RoutingPolicy.Random, RoutingPolicy.Central], apps.Select(app => app.Routing.Policy));
    }

    private static WeirOptions Bind(
        string yaml, Dictionary<string, string> flags, Dictionary<string, string> environment)
    {
        var (options, faults) = SettingsBinder.Bind(flags, environment, yaml, "weir.yaml");
        Assert.DoesNotContain(faults, fault => !fault.IsWarning);
        return options!;
    }
}
