using Weir.Core.Pooling.Addresses;

namespace Weir.Pooling;

/// <summary>
/// The PostgreSQL pooler. More than the ten knobs that a room may have: whoever leaves PgBouncer finds what was set
/// there, each under one name. What has no reason of its own here has PgBouncer's default.
/// </summary>
internal sealed record PoolOptions
{
    /// <summary>PgBouncer's own question, with names that no search_path can turn to something else.</summary>
    public const string UsualAuthQuery = "SELECT rolname, CASE WHEN rolvaliduntil OPERATOR(pg_catalog.<) "
        + "pg_catalog.now() THEN NULL ELSE rolpassword END FROM pg_catalog.pg_authid WHERE rolname = $1 "
        + "AND rolcanlogin";

    /// <summary>A pool's size where there is to be no bound but those of database and server.</summary>
    public const int SizeMax = 10_000;

    /// <summary>pool.enabled: in <c>weir run</c>; off = instances get the DATABASE_URL that they were given.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>pool.ini: the pgbouncer.ini that the rest was read from; empty = none.</summary>
    public string Ini { get; init; } = "";

    /// <summary>
    /// pool.to, or [databases] of the ini. Empty in <c>weir run</c>, whose instances bring theirs.
    /// </summary>
    public IReadOnlyList<PoolDatabase> Databases { get; init; } = [];

    /// <summary>[users] of the ini.</summary>
    public IReadOnlyList<PoolUser> Users { get; init; } = [];

    /// <summary>
    /// pool.listen: "host:port", "unix:/dir/.s.PGSQL.6432". Empty: <see cref="UsualListen"/>, and in <c>weir run</c> a
    /// free port of 127.0.0.1.
    /// </summary>
    public IReadOnlyList<string> Listen { get; init; } = [];

    /// <summary>PgBouncer's port; this machine only, until somebody says otherwise.</summary>
    public const string UsualListen = "127.0.0.1:6432";

    public PoolMode Mode { get; init; } = PoolMode.Transaction;

    /// <summary>pool.size: server connections of a pool (database and user). 20: PgBouncer's. 0 = from slots.</summary>
    public int Size { get; init; } = 20;

    /// <summary>pool.size-min: kept open once the pool is used.</summary>
    public int SizeMin { get; init; }

    /// <summary>pool.reserve-size: beyond a pool's size, for clients that have waited long. 0: PgBouncer's.</summary>
    public int ReserveSize { get; init; }

    /// <summary>pool.reserve-after: how long that is; 0 = the reserve is not used. 5 s: PgBouncer's.</summary>
    public TimeSpan ReserveAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>pool.pins-max: pinned clients of a pool, beyond its size; then 53300. 0 = the pool's size.</summary>
    public int PinsMax { get; init; }

    /// <summary>pool.clients-max. 10,000: idle ones cost little, and PgBouncer's 100 is soon met.</summary>
    public int ClientsMax { get; init; } = 10_000;

    /// <summary>pool.database-connections-max: of all pools of one database; 0 = no bound.</summary>
    public int DatabaseConnectionsMax { get; init; }

    /// <summary>pool.database-clients-max: client sessions of one database; 0 = no bound.</summary>
    public int DatabaseClientsMax { get; init; }

    /// <summary>pool.user-connections-max: of all pools of one user; 0 = no bound.</summary>
    public int UserConnectionsMax { get; init; }

    /// <summary>pool.user-clients-max: client sessions of one user; 0 = no bound.</summary>
    public int UserClientsMax { get; init; }

    /// <summary>pool.hosts: Weirs before one server; its sizes are divided by it.</summary>
    public int Hosts { get; init; } = 1;

    /// <summary>
    /// pool.wait: for a server connection, then the client is told and closed. 30 s, where PgBouncer has 120: behind a
    /// front door nobody reads an answer after app.first-byte-timeout.
    /// </summary>
    public TimeSpan WaitMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>pool.wait-notify: then a waiting client gets a notice; 0 = never.</summary>
    public TimeSpan WaitNotify { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>pool.login-timeout: from a client's first byte to its log-in. 15 s: long for any honest one.</summary>
    public TimeSpan LoginTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>pool.connect-timeout: to a server, log-in included; a URL's own connect_timeout goes before.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>pool.server-lifetime: then a server connection is closed when it is free; 0 = never.</summary>
    public TimeSpan ServerLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>pool.server-idle: a free server connection beyond size-min is closed after it; 0 = never.</summary>
    public TimeSpan ServerIdle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>pool.idle-transaction: a client idle in a transaction for so long is closed; 0 = never.</summary>
    public TimeSpan IdleTransaction { get; init; }

    /// <summary>pool.query-timeout: a query that runs for so long is cancelled; 0 = never.</summary>
    public TimeSpan QueryTimeout { get; init; }

    /// <summary>pool.client-idle: an idle client is closed after it; 0 = never.</summary>
    public TimeSpan ClientIdle { get; init; }

    /// <summary>
    /// pool.abandon: for cancel, rollback and reset after a client went in the middle; then the server connection is
    /// closed.
    /// </summary>
    public TimeSpan Abandon { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>pool.statements-max: prepared statements that one server connection keeps.</summary>
    public int StatementsMax { get; init; } = 500;

    /// <summary>pool.spool-memory: of an answer that a slow client has not taken, before it goes to a file.</summary>
    public long SpoolMemory { get; init; } = 1L << 20;

    /// <summary>pool.spool-max: past it the server is read at the client's pace.</summary>
    public long SpoolMax { get; init; } = 64L << 20;

    public PoolAuth Auth { get; init; } = PoolAuth.Scram;

    /// <summary>pool.auth-file: users and secrets as PgBouncer's userlist.txt; empty = none.</summary>
    public string AuthFile { get; init; } = "";

    /// <summary>pool.auth-user: who asks the auth query for users that the file has not; empty = nobody.</summary>
    public string AuthUser { get; init; } = "";

    public string AuthQuery { get; init; } = UsualAuthQuery;

    /// <summary>pool.auth-database: where the auth query is asked; empty = in the database that is asked for.</summary>
    public string AuthDatabase { get; init; } = "";

    /// <summary>pool.admin-users: may do everything in the console, the database "pgbouncer".</summary>
    public IReadOnlyList<string> AdminUsers { get; init; } = [];

    /// <summary>pool.stats-users: may look in the console.</summary>
    public IReadOnlyList<string> StatsUsers { get; init; } = [];

    /// <summary>pool.tls: towards clients, as libpq names it; the verify modes ask for a client certificate.</summary>
    public PgSslMode Tls { get; init; } = PgSslMode.Disable;

    /// <summary>PEM files, read anew at a reload; empty = none.</summary>
    public string TlsCertificate { get; init; } = "";
    public string TlsKey { get; init; } = "";

    /// <summary>pool.tls-ca: whom client certificates must be from.</summary>
    public string TlsCa { get; init; } = "";

    /// <summary>pool.server-tls: towards servers; null = as the URL says, and prefer where it says nothing.</summary>
    public PgSslMode? ServerTls { get; init; }

    /// <summary>
    /// pool.ignore-startup-parameters: what a client may say at its start and nobody acts on. What the server knows
    /// (extra_float_digits, search_path) is set for the client and needs no place here.
    /// </summary>
    public IReadOnlyList<string> IgnoreStartupParameters { get; init; } = [];

    /// <summary>pool.variables: of an instance's environment, those that hold URLs to be pooled.</summary>
    public IReadOnlyList<string> Variables { get; init; } = ["DATABASE_URL"];

    /// <summary>What a user has of its own; null: nothing.</summary>
    public PoolUser? Find(string user) => Users.FirstOrDefault(one => one.Name == user);

    /// <summary>Every limit that another forbids, with its key.</summary>
    public IEnumerable<(string Key, string Problem)> Validate()
    {
        if (Size > 0 && SizeMin > Size)
            yield return ("pool.size-min", $"is more than pool.size ({Size})");
        if (SpoolMemory > SpoolMax)
            yield return ("pool.spool-max", "is less than pool.spool-memory, which is a part of it");
        if (Hosts > 1 && Size > 0 && Size < Hosts)
            yield return ("pool.hosts", $"is more than pool.size ({Size}): there is no connection for each");
        foreach (var fault in ValidateTls().Concat(ValidateAuth()))
            yield return fault;
        foreach (var twice in Databases.GroupBy(database => database.Name).Where(group => group.Count() > 1))
            yield return ("pool.to", $"{twice.Key} is given twice");
        foreach (var twice in Listen.GroupBy(address => address).Where(group => group.Count() > 1))
            yield return ("pool.listen", $"{twice.Key} is given twice");
    }

    private IEnumerable<(string Key, string Problem)> ValidateTls()
    {
        var hasPair = TlsCertificate.Length > 0 && TlsKey.Length > 0;
        if (TlsCertificate.Length > 0 != TlsKey.Length > 0)
            yield return ("pool.tls-certificate", "a certificate needs its key; give both or none");
        if (Tls != PgSslMode.Disable && !hasPair)
            yield return ("pool.tls", "needs pool.tls-certificate and pool.tls-key");
        if (Tls >= PgSslMode.VerifyCa && TlsCa.Length == 0)
            yield return ("pool.tls", "needs pool.tls-ca, to tell whose client certificates are good");
    }

    private IEnumerable<(string Key, string Problem)> ValidateAuth()
    {
        if (Auth == PoolAuth.Cert && Tls < PgSslMode.VerifyCa)
            yield return ("pool.auth", "cert needs pool.tls verify-full, or nobody shows a certificate");
        if (AuthDatabase.Length > 0 && AuthUser.Length == 0)
            yield return ("pool.auth-database", "needs pool.auth-user, who asks there");
        if (Auth == PoolAuth.Any && Databases.FirstOrDefault(database => database.User is null) is { } open)
            yield return ("pool.auth", $"auth_type any needs a user= in the entry of {open.Name}");
    }
}
