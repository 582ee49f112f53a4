namespace Weir.Config;

/// <summary>
/// What an app may have of its own. At the top they hold for all apps, and an app's own word in the file goes before.
/// </summary>
internal static class AppSettings
{
    private const long Millisecond = 1_000;
    private const long Second = 1_000_000;
    private const long Hour = 3_600 * Second;

    public static IReadOnlyList<Setting> All { get; } = [.. App(), .. Queue(), .. Routing(), .. Upstream()];

    /// <summary>What a route of an app may have; these exist in the file only.</summary>
    public static IReadOnlyList<Setting> Route { get; } =
    [
        new("path", SettingKind.Text, "/", "Path prefix on whole segments, or a pattern with one * at its end.")
        {
            Check = RoutePath,
            Route = (route, value) => route with { Path = value.Text },
        },
        new("stream", SettingKind.Switch, "off", "Send the body on as it comes; the slot is held from its first byte.")
        {
            Route = (route, value) => route with { Stream = value.On },
        },
        new("slot", SettingKind.Choice, "one", "none: hold no slot (event streams and long polls of async apps).")
        {
            Choices = ["one", "none"],
            Route = (route, value) => route with { NoSlot = value.Number == 1 },
        },
        new("first-byte-timeout", SettingKind.Duration, "as the app", "H12 on this route.")
        {
            Min = Millisecond,
            Max = 24 * Hour,
            Route = (route, value) => route with { FirstByteTimeout = value.Time },
        },
        new("idle-timeout", SettingKind.Duration, "as the app", "H15 on this route.")
        {
            Min = Millisecond,
            Max = 24 * Hour,
            Route = (route, value) => route with { IdleTimeout = value.Time },
        },
        new("body-max", SettingKind.Size, "as intake.body-max", "Largest request body on this route (413).")
        {
            Route = (route, value) => route with { BodyMax = value.Number },
        },
        .. CacheSettings.Route,
    ];

    private static IEnumerable<Setting> App() =>
    [
        new("to", SettingKind.List, "", "Running instances: host:port or unix:/path, each with =SLOTS, or =async.")
        {
            Check = AddressText.Instance,
            App = (app, value) => app with { To = value.Items },
        },
        new("slots", SettingKind.Text, "1",
            "Slots of an instance whose address does not say; async for a server without workers.")
        {
            Check = AddressText.Slots,
            App = (app, value) => app with { Slots = int.Parse(value.Text) },
        },
        new("hosts", SettingKind.List, "",
            "Host names of the app; *.example.com takes one label or more. None: every host.")
        {
            Check = HostName,
            App = (app, value) => app with { Hosts = value.Items },
        },
        new("path", SettingKind.Text, "/", "Path prefix of the app, on whole segments.")
        {
            Check = AppPath,
            App = (app, value) => app with { Path = value.Text },
        },
    ];

    private static IEnumerable<Setting> Queue() =>
    [
        new("queue.max-wait", SettingKind.Duration, "10s", "Longest wait for a slot; then 503, W11.")
        {
            Min = Millisecond,
            Max = Hour,
            App = (app, value) => app with { Routing = app.Routing with { QueueWaitMax = value.Number } },
        },
        new("queue.boot-wait", SettingKind.Duration, "75s",
            "Longest wait for the app's first instance to boot; then 503, H20. queue.max-wait begins after it.")
        {
            Min = Millisecond,
            Max = Hour,
            App = (app, value) => app with { Routing = app.Routing with { BootWaitMax = value.Number } },
        },
        new("queue.max-length", SettingKind.Count, "1000",
            "Requests waiting at once; then 503, H11. off: max-wait and max-bytes bound it.")
        {
            Min = 1,
            Max = 1_000_000,
            Zero = "off",
            App = (app, value) => app with { Routing = app.Routing with { QueueLengthMax = value.Count } },
        },
        new("queue.client-share", SettingKind.Share, "50%",
            "Of queue.max-length, what one client address may fill; then 503, W23. Loopback and proxies apart.")
        {
            App = (app, value) => app with { Routing = app.Routing with { QueueClientShare = value.Share } },
        },
        new("queue.max-bytes", SettingKind.Size, "64MiB", "Memory held by waiting requests; then 503.")
        {
            Min = 1L << 16,
            App = (app, value) => app with { Routing = app.Routing with { QueueBytesMax = value.Number } },
        },
        new("queue.backlog", SettingKind.Count, "0", "Requests an instance may hold beyond its slots.")
        {
            Max = 10_000,
            App = (app, value) => app with { Backlog = value.Count },
        },
    ];

    private static IEnumerable<Setting> Routing() =>
    [
        new("routing.policy", SettingKind.Choice, "central",
            "How requests meet instances; all but central exist to compare with.")
        {
            Alias = "policy",
            Choices = ["central", "least-connections", "power-of-two", "round-robin", "random"],
            App = (app, value) => app with
            {
                Routing = app.Routing with { Policy = (Core.Routing.RoutingPolicy)value.Number },
            },
        },
        new("routing.tries", SettingKind.Count, "10",
            "Tries of one request, the first included (at most one an instance).")
        {
            Min = 1,
            Max = 100,
            App = (app, value) => app with { Routing = app.Routing with { TriesMax = value.Count } },
        },
        new("routing.quarantine-max", SettingKind.Duration, "5s",
            "Longest rest of an instance that refused; it starts at 100ms.")
        {
            Min = 100 * Millisecond,
            Max = Hour,
            App = (app, value) => app with { Routing = app.Routing with { QuarantineMax = value.Number } },
        },
        new("routing.all-refused-max", SettingKind.Duration, "75s",
            "How long a request waits while every instance refuses.")
        {
            Min = Millisecond,
            Max = Hour,
            App = (app, value) => app with { Routing = app.Routing with { AllRefusedMax = value.Number } },
        },
        new("routing.retry-budget", SettingKind.Share, "20%",
            "Retries after bytes were sent, as a share of requests in flight.")
        {
            App = (app, value) => app with { Routing = app.Routing with { RetryBudget = value.Share } },
        },
        new("upgrades.max", SettingKind.Count, "1000", "Tunnels (WebSockets) of one instance.")
        {
            Max = 1_000_000,
            App = (app, value) => app with { Routing = app.Routing with { UpgradesMax = value.Count } },
        },
    ];

    private static IEnumerable<Setting> Upstream() =>
    [
        new("app.boot-timeout", SettingKind.Duration, "1m", "Time for a command that Weir starts to bind its PORT.")
        {
            Min = Millisecond,
            Max = Hour,
            App = (app, value) => app with { BootTimeout = value.Time },
        },
        new("app.first-byte-timeout", SettingKind.Duration, "30s", "The app's time for a first byte; then H12.")
        {
            Min = Millisecond,
            Max = 24 * Hour,
            App = (app, value) => app with { FirstByteTimeout = value.Time },
        },
        new("app.idle-timeout", SettingKind.Duration, "55s", "The app's time between two bytes of an answer; then H15.")
        {
            Min = Millisecond,
            Max = 24 * Hour,
            App = (app, value) => app with { IdleTimeout = value.Time },
        },
        new("app.connect-timeout", SettingKind.Duration, "auto",
            "Time to connect. auto: 250ms to this machine, 5s to another.")
        {
            Min = Millisecond,
            Max = 75 * Second,
            Zero = "auto",
            App = (app, value) => app with { ConnectTimeout = value.Time },
        },
        new("app.keep-alive", SettingKind.Duration, "1m",
            "How long a kept connection to an instance may idle and be used again.")
        {
            Min = Millisecond,
            Max = 24 * Hour,
            App = (app, value) => app with { UpstreamKeepAlive = value.Time },
        },
        new("app.in-flight-max", SettingKind.Count, "1000", "Requests at once on an async instance, in place of slots.")
        {
            Min = 1,
            Max = 1_000_000,
            App = (app, value) => app with { InFlightMax = value.Count },
        },
        new("slot.stuck-after", SettingKind.Duration, "1m",
            "An abandoned slot this long past its time-out is recycled, or lost.")
        {
            Min = Millisecond,
            Max = 24 * Hour,
            App = (app, value) => app with { StuckAfter = value.Time },
        },
    ];

    private static (string? Text, string Problem) HostName(string text)
    {
        var name = text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text;
        var plain = name.Length > 0 && name.IndexOfAny([' ', '*', '/', ':', '@']) < 0;
        return plain || System.Net.IPAddress.TryParse(name, out _)
            ? (text.ToLowerInvariant(), "")
            : (null, $"'{text}' is not a host name; write app.example.com or *.example.com, without scheme or port");
    }

    internal static (string? Text, string Problem) AppPath(string text) =>
        text.StartsWith('/') && text.IndexOfAny([' ', '?', '#', '*']) < 0
            ? (text, "")
            : (null, $"'{text}' is not a path prefix; it begins with / and has no query and no *");

    private static (string? Text, string Problem) RoutePath(string text) =>
        text.EndsWith('*') && AppPath(text[..^1]).Text is not null ? (text, "") : AppPath(text);
}
