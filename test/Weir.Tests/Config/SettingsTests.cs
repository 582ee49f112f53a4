using Weir.Config;
using Weir.Core.Caching;
using Weir.Edge;
using Weir.Routing;
using Weir.Tests.Support;

namespace Weir.Tests.Config;

/// <summary>The table against itself and against the options it fills.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void Names_flags_and_variables_are_unique()
    {
        Assert.Equal(Settings.All.Count, Settings.All.Select(setting => setting.Name).Distinct().Count());
        Assert.Equal(Settings.All.Count, Settings.All.Select(setting => setting.Flag).Distinct().Count());
        Assert.Equal(Settings.All.Count, Settings.All.Select(setting => setting.Variable).Distinct().Count());
        var aliases = Settings.All.Where(setting => setting.Alias.Length > 0).Select(setting => "--" + setting.Alias);
        Assert.Empty(aliases.Intersect(Settings.All.Select(setting => setting.Flag)));
    }

    [Fact]
    public void Every_row_lands_in_one_place() =>
        Assert.All(Settings.All, setting => Assert.True(setting.Weir is null != setting.App is null, setting.Name));

    /// <summary>
    /// The default stands twice, as a property for the code and as a text for people: they must not drift apart.
    /// </summary>
    [Fact]
    public void The_default_text_is_the_options_default()
    {
        foreach (var setting in Settings.All.Where(setting => setting.Name is not ("tls.certificate" or "tls.key")))
        {
            var raw = new RawSetting(setting.Name, setting.Default, null, "test");
            var value = setting is { Kind: SettingKind.Text, Default: "" } ? new SettingValue(0)
                : SettingText.Read(setting, raw, out _);
            Assert.True(value is not null,
                $"{setting.Name}: its default '{setting.Default}' is not in its own notation and range");
            if (setting.Weir is { } weir)
                Same(new WeirOptions(), weir(new WeirOptions(), value.Value));
            if (setting.App is { } app)
                Same(new AppOptions(), app(new AppOptions(), value.Value));
        }

        static void Same(object usual, object bound) =>
            Assert.Equal(OptionsText.Write(usual), OptionsText.Write(bound));
    }

    /// <summary>An option that no setting reaches could not be set by anybody.</summary>
    [Fact]
    public void Every_option_is_reached_by_a_setting()
    {
        var reached = Settings.All.Concat(AppSettings.Route).Concat(DoorSettings.Certificate)
            .SelectMany(Reached).ToHashSet();
        var route = new RouteOptions { Cache = CachePolicy.Default };
        var options = OptionsText.Names(new WeirOptions { Apps = [new AppOptions { Routes = [route] }] });
        string[] others = ["Sources", "Apps[0].Name", "Apps[0].Routing.SlotsBypassed",
            "Edge.Certificates", "Apps[0].Routes", "Run.Types", "Pool.Databases", "Pool.Users",
            // Follow from others.
            "Apps[0].Cache.CausesCaching", "Apps[0].Cache.IsSurrogate", "Cache.Shared.Url",
            // Bounds that the whole fleet goes by, and that no operator has a reason to move.
            "Cache.Shared.ConnectTimeMax", "Cache.Shared.AnswerTimeMax", "Cache.Shared.PollEvery",
            "Cache.Shared.ValueBytesMax", "Cache.Shared.QueueBytesMax", "Cache.Shared.LifetimeMax"];
        Assert.Empty(options.Select(OfApp).Except(reached.Select(OfApp)).Except(others));

        // What the cache may do is one policy, which an app and its routes say different parts of.
        static string OfApp(string name) => name.Replace("].Routes[0].Cache", "].Cache", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("queue.max-wait", "250ms", 250_000)]
    [InlineData("queue.max-wait", "10s", 10_000_000)]
    [InlineData("queue.max-wait", "1.5s", 1_500_000)]
    [InlineData("queue.max-wait", "1m30s", 90_000_000)]
    [InlineData("queue.max-wait", "1h", 3_600_000_000)]
    [InlineData("intake.body-max", "512", 512)]
    [InlineData("intake.body-max", "64KiB", 65_536)]
    [InlineData("intake.body-max", "1 GiB", 1 << 30)]
    [InlineData("intake.body-max", "1MB", 1_000_000)]
    [InlineData("intake.body-max", "0", 0)]
    [InlineData("queue.max-length", "off", 0)]
    [InlineData("queue.max-length", "7", 7)]
    public void A_value_is_read_in_its_notation(string name, string text, long number) =>
        Assert.Equal(number, Read(name, text, out _)!.Value.Number);

    [Theory]
    [InlineData("queue.max-wait", "10")]
    [InlineData("queue.max-wait", "s")]
    [InlineData("queue.max-wait", "")]
    [InlineData("queue.max-wait", "-1s")]
    [InlineData("queue.max-wait", "10S")]
    [InlineData("queue.max-wait", "1..5s")]
    [InlineData("queue.max-wait", "99999999999999999999h")]
    [InlineData("intake.body-max", "1ZiB")]
    [InlineData("intake.body-max", "9999999999GiB")]
    [InlineData("queue.max-length", "1e3")]
    [InlineData("queue.max-length", "2000000")]
    [InlineData("routing.retry-budget", "120%")]
    [InlineData("http2", "perhaps")]
    [InlineData("listen", "localhost")]
    [InlineData("listen", "::1:80")]
    [InlineData("hosts", "https://a.org")]
    [InlineData("health.path", "up")]
    public void A_value_out_of_its_notation_is_refused(string name, string text)
    {
        Assert.Null(Read(name, text, out var problem));
        Assert.NotEqual("", problem);
    }

    [Theory]
    [InlineData("queue.max-wiat", "queue.max-wait")]
    [InlineData("max-wait", "queue.max-wait")]
    [InlineData("queue_max_wait", "queue.max-wait")]
    [InlineData("lisen", "listen")]
    [InlineData("colour", null)]
    public void The_nearest_name_is_guessed(string written, string? meant) =>
        Assert.Equal(meant, NearestName.Of(written, Settings.Names));

    private static SettingValue? Read(string name, string text, out string problem) =>
        SettingText.Read(Settings.Find(name)!, new RawSetting(name, text, null, "test"), out problem);

    /// <summary>The properties that change when a setting is given two different values.</summary>
    private static IEnumerable<string> Reached(Setting setting)
    {
        (string One, string Two) items = setting.Name switch
        {
            "instance.stop-signal" => ("QUIT", "HUP"),
            "run.formation" => ("web=2", "web=3"),
            _ => ("a", "b"),
        };
        var one = new SettingValue(1, 0.5, "1", [items.One]);
        var two = new SettingValue(0, 0.25, "2", [items.Two]);
        var certificate = new CertificateOptions { CertificateFile = "", KeyFile = "" };
        return setting switch
        {
            { Weir: { } land } => Changed("", land(new(), one), land(new(), two)),
            { App: { } land } => Changed("Apps[0].", land(new(), one), land(new(), two)),
            { Route: { } land } => Changed("Apps[0].Routes[0].", land(new(), one), land(new(), two)),
            { Certificate: { } land } =>
                Changed("Edge.Certificates[0].", land(certificate, one), land(certificate, two)),
            _ => [],
        };
    }

    private static IEnumerable<string> Changed(string prefix, object one, object two) =>
        OptionsText.Names(one).Where(name => !Equals(OptionsText.Value(one, name), OptionsText.Value(two, name)))
            .Select(name => prefix + name);
}
