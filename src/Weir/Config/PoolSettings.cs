using Weir.Core.Pooling.Addresses;
using Weir.Pooling;

namespace Weir.Config;

/// <summary>The PostgreSQL pooler: what it stands before, its sizes, its patience.</summary>
internal static class PoolSettings
{
    private const long Millisecond = 1_000;
    private const long Second = 1_000_000;
    private const long Day = 24 * 3_600 * Second;

    public static IReadOnlyList<Setting> All { get; } =
        [.. Place(), .. Sizes(), .. Patience(), .. Keeping(), .. PoolDoorSettings.All];

    private static IEnumerable<Setting> Place() =>
    [
        new("pool.enabled", SettingKind.Switch, "on",
            "In weir run: instances get a DATABASE_URL of their own, which leads through the pooler.")
        {
            Not = "no-pool",
            Weir = With((pool, value) => pool with { Enabled = value.On }),
        },
        new("pool.variables", SettingKind.List, "DATABASE_URL",
            "Of an instance's environment: those that hold PostgreSQL URLs to be pooled.")
        {
            Weir = With((pool, value) => pool with { Variables = value.Items }),
        },
        new("pool.to", SettingKind.Text, "none",
            "For weir pool: the database, postgres://USER:PASSWORD@HOST/DATABASE. May be file:/path.")
        {
            Zero = "none",
            Secret = true,
            Check = Url,
            Weir = With((pool, value) => pool with { Databases = Database(value.Text) }),
        },
        new("pool.ini", SettingKind.Text, "none",
            "A pgbouncer.ini to read; what it leaves out has PgBouncer's default, and settings here go before it.")
        {
            Zero = "none",
            Weir = With((pool, value) => pool with { Ini = value.Text }),
        },
        new("pool.listen", SettingKind.List, "auto",
            "Where the pooler listens. auto: 127.0.0.1:6432, and in weir run a free port of 127.0.0.1.")
        {
            Zero = "auto",
            Check = AddressText.Listen,
            Weir = With((pool, value) => pool with { Listen = value.Items }),
        },
        new("pool.mode", SettingKind.Choice, "transaction", "How long a client session holds a server connection.")
        {
            Alias = "mode",
            Choices = ["transaction", "session", "statement"],
            Weir = With((pool, value) => pool with { Mode = (PoolMode)value.Number }),
        },
    ];

    private static IEnumerable<Setting> Sizes() =>
    [
        Count("pool.size", "20", "Server connections of a pool (a database and a user). auto: from the app's slots.",
            1, PoolOptions.SizeMax, "auto", (pool, count) => pool with { Size = count }),
        Count("pool.size-min", "0", "Server connections that a used pool keeps open.",
            0, PoolOptions.SizeMax, "", (pool, count) => pool with { SizeMin = count }),
        Count("pool.reserve-size", "0",
            "Server connections beyond pool.size, for clients that wait for pool.reserve-after.",
            0, PoolOptions.SizeMax, "", (pool, count) => pool with { ReserveSize = count }),
        Count("pool.pins-max", "auto",
            "Pinned clients of a pool beyond its size; then 53300. auto: as many as its size.",
            1, PoolOptions.SizeMax, "auto", (pool, count) => pool with { PinsMax = count }),
        Count("pool.clients-max", "10000", "Client sessions at once.",
            1, 1_000_000, "", (pool, count) => pool with { ClientsMax = count }),
        Count("pool.database-connections-max", "off", "Server connections of all pools of one database.",
            1, PoolOptions.SizeMax, "off", (pool, count) => pool with { DatabaseConnectionsMax = count }),
        Count("pool.user-connections-max", "off", "Server connections of all pools of one user.",
            1, PoolOptions.SizeMax, "off", (pool, count) => pool with { UserConnectionsMax = count }),
        Count("pool.database-clients-max", "off", "Client sessions of one database; then 53300.",
            1, 1_000_000, "off", (pool, count) => pool with { DatabaseClientsMax = count }),
        Count("pool.user-clients-max", "off", "Client sessions of one user; then 53300.",
            1, 1_000_000, "off", (pool, count) => pool with { UserClientsMax = count }),
        Count("pool.hosts", "1", "How many Weirs share the database server; sizes are divided by it.",
            1, 1_000, "", (pool, count) => pool with { Hosts = count }),
        Count("pool.statements-max", "500", "Prepared statements that one server connection keeps.",
            1, 100_000, "", (pool, count) => pool with { StatementsMax = count }),
    ];

    private static IEnumerable<Setting> Patience() =>
    [
        Duration("pool.wait", "30s", "Longest wait for a server connection; then an error and the end.",
            Millisecond, "", (pool, time) => pool with { WaitMax = time }),
        Duration("pool.wait-notify", "5s", "After it a waiting client gets a notice.",
            Millisecond, "off", (pool, time) => pool with { WaitNotify = time }),
        Duration("pool.reserve-after", "5s", "After it a waiting client gets a connection of pool.reserve-size.",
            Millisecond, "off", (pool, time) => pool with { ReserveAfter = time }),
        Duration("pool.login-timeout", "15s", "A client's time to log in.",
            Millisecond, "", (pool, time) => pool with { LoginTimeout = time }),
        Duration("pool.connect-timeout", "15s", "Time to connect and log in to a server.",
            Millisecond, "", (pool, time) => pool with { ConnectTimeout = time }),
        Duration("pool.idle-transaction", "off", "A client that idles in a transaction for so long is closed.",
            Millisecond, "off", (pool, time) => pool with { IdleTransaction = time }),
        Duration("pool.query-timeout", "off", "A query that runs for so long is cancelled.",
            Millisecond, "off", (pool, time) => pool with { QueryTimeout = time }),
        Duration("pool.client-idle", "off", "A client that idles outside a transaction for so long is closed.",
            Millisecond, "off", (pool, time) => pool with { ClientIdle = time }),
        Duration("pool.abandon", "5s", "Time to cancel and clean up behind a client that went; then it is closed.",
            Millisecond, "", (pool, time) => pool with { Abandon = time }),
    ];

    private static IEnumerable<Setting> Keeping() =>
    [
        Duration("pool.server-lifetime", "1h", "Age at which a free server connection is closed.",
            Second, "off", (pool, time) => pool with { ServerLifetime = time }),
        Duration("pool.server-idle", "10m", "An unused server connection beyond pool.size-min is closed after it.",
            Second, "off", (pool, time) => pool with { ServerIdle = time }),
        new("pool.spool-memory", SettingKind.Size, "1MiB",
            "Of an answer that a slow client has not taken, in memory, before it goes to a spill file.")
        {
            Min = 1L << 12,
            Max = 1L << 30,
            Weir = With((pool, value) => pool with { SpoolMemory = value.Number }),
        },
        new("pool.spool-max", SettingKind.Size, "64MiB",
            "Of such an answer; past it the client's pace holds the server connection.")
        {
            Min = 1L << 12,
            Weir = With((pool, value) => pool with { SpoolMax = value.Number }),
        },
    ];

    internal static Func<WeirOptions, SettingValue, WeirOptions> With(
        Func<PoolOptions, SettingValue, PoolOptions> land) =>
        (weir, value) => weir with { Pool = land(weir.Pool, value) };

    private static Setting Count(
        string name, string usual, string doc, long min, long max, string zero,
        Func<PoolOptions, int, PoolOptions> land) => new(name, SettingKind.Count, usual, doc)
        {
            Min = min,
            Max = max,
            Zero = zero,
            Weir = With((pool, value) => land(pool, value.Count)),
        };

    private static Setting Duration(
        string name, string usual, string doc, long min, string zero, Func<PoolOptions, TimeSpan, PoolOptions> land) =>
        new(name, SettingKind.Duration, usual, doc)
        {
            Min = min,
            Max = 30 * Day,
            Zero = zero,
            Weir = With((pool, value) => land(pool, value.Time)),
        };

    private static (string? Text, string Problem) Url(string text) =>
        DatabaseUrl.Parse(text, out var problem) is null ? (null, problem) : (text, "");

    /// <summary>The one that a URL names, or all of its server where it names none.</summary>
    private static IReadOnlyList<PoolDatabase> Database(string url) =>
        DatabaseUrl.Parse(url, out _) is { } server ? [PoolDatabase.Of(server)] : [];
}
