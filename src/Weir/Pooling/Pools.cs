using System.Text;
using Weir.Core.Pooling.Addresses;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.Secrets;

namespace Weir.Pooling;

/// <summary>All pools: one for each database and user, made when it is first asked for.</summary>
internal sealed partial class Pools(PoolRooms rooms, PoolOptions options)
{
    private static readonly TimeSpan AuthQueryMax = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<PoolKey, Pool> _all = [];
    private PoolOptions _options = options;

    /// <summary>Requests and jobs that may want a connection at once; 0: not known.</summary>
    public int Slots { get; set; }

    public void Change(PoolOptions next) => Volatile.Write(ref _options, next);

    public Pool[] All
    {
        get
        {
            lock (_lock)
                return [.. _all.Values];
        }
    }

    /// <summary>The entry of a database as clients name it; null: there is none.</summary>
    public PoolDatabase? Find(string database)
    {
        var all = Volatile.Read(ref _options).Databases;
        return all.FirstOrDefault(one => one.Name == database)
            ?? all.FirstOrDefault(one => one.Name == PoolDatabase.Fallback);
    }

    /// <summary>What the URL says the password of this user is; null: nothing.</summary>
    public string? PasswordOf(string database, string user) =>
        Find(database) is { } entry && entry.Server.User == user ? entry.Server.Password : null;

    /// <summary>What some URL says the password of this user is; null: none does.</summary>
    public string? PasswordOf(string user) => Volatile.Read(ref _options).Databases
        .FirstOrDefault(entry => entry.Server.User == user && entry.Server.Password is not null)?.Server.Password;

    /// <summary>True where a URL names this user.</summary>
    public bool NamesUser(string user) =>
        Volatile.Read(ref _options).Databases.Any(entry => entry.Server.User == user);

    /// <summary>The pool of a client that has proved who it is.</summary>
    public Pool Of(string database, string user, Admission.Shown shown, ScramSecret? scram, string? secret)
    {
        var entry = Find(database)!;
        var asUser = entry.User ?? user;
        // A stored secret logs in where it is a password; a SCRAM secret where the client has just shown its key.
        var isHashed = secret is not null && (Md5Secret.IsHash(secret) || ScramSecret.Parse(secret) is not null);
        var plain = isHashed ? null : secret;
        var password = entry.User is not null ? entry.Server.Password ?? "" : shown.Password ?? plain ?? "";
        var keys = entry.User is null && shown.ClientKey is { } key && scram is not null && password.Length == 0
            ? new ServerKeys(scram, key) : null;
        var name = entry.SameName ? database : entry.Server.Database;
        var pool = Of(entry.Server, name, asUser, password, entry, database);
        if (keys is not null)
            pool.Target.Keys = keys;
        return pool;
    }

    /// <summary>The pool of an instance: the user and the server of its pass, any database there.</summary>
    public Pool OfPass(PassBook.Pass pass, string database) =>
        Of(pass.Server, database, pass.User, pass.Server.Password ?? "", null, database);

    /// <summary>The stored secret that the auth query gives; null: no such user.</summary>
    /// <exception cref="IOException">It could not be asked.</exception>
    public async Task<string?> AskSecretAsync(PoolOptions asked, StartupPacket packet)
    {
        var where = asked.AuthDatabase.Length > 0 ? asked.AuthDatabase : packet.Database;
        var entry = Find(where) ?? throw new IOException($"pool.auth-database: no such database: {where}");
        var name = entry.SameName ? where : entry.Server.Database;
        var password = entry.Server.User == asked.AuthUser ? entry.Server.Password ?? "" : "";
        var pool = Of(entry.Server, name, entry.AuthUser ?? asked.AuthUser, password, entry, where);
        string? secret = null;
        // The name stands in the query as a literal that nothing in it can leave.
        var sql = asked.AuthQuery.Replace("$1", Literal(packet.User), StringComparison.Ordinal);
        var why = await HouseQuery.RunAsync(rooms, pool, Encoding.UTF8.GetBytes(sql), AuthQueryMax, body =>
        {
            var fields = new RowFields(body);
            if (fields.TryNext(out _, out _) && fields.TryNext(out var value, out var isNull) && !isNull)
                secret = Encoding.UTF8.GetString(value);
        }).ConfigureAwait(false);
        return why is null ? secret : throw new IOException($"the auth query failed: {why.Message}");
    }

    private static string Literal(string text) => text.Contains('\0') ? "''"
        : $" E'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    /// <param name="asked">The database as the client names it.</param>
    private Pool Of(
        DatabaseUrl server, string database, string user, string password, PoolDatabase? entry, string asked)
    {
        var key = new PoolKey(ServerName(server), database, user);
        lock (_lock)
        {
            if (_all.TryGetValue(key, out var known))
                return known;
            var now = Volatile.Read(ref _options);
            var pool = new Pool(rooms, Target(server, database, user, password, now), PoolLimits.Of(now, entry, Slots))
            {
                Name = asked,
            };
            if (_isAllPaused || _paused.Contains(asked))
                pool.Pause(true);
            _all.Add(key, pool);
            return pool;
        }
    }

    public static ServerTarget Target(
        DatabaseUrl server, string database, string user, string password, PoolOptions options)
    {
        var host = server.Hosts.Count > 0 ? server.Hosts[0] : ("localhost", DatabaseUrl.PortDefault);
        return new ServerTarget
        {
            Host = host.Item1,
            Port = host.Item2,
            SocketDirectory = server.SocketDirectory,
            Database = database,
            User = user,
            Password = password,
            SslMode = options.ServerTls ?? server.SslMode,
            SslRootCert = server.SslRootCert,
            SslCert = server.SslCert,
            SslKey = server.SslKey,
            IsTlsDirect = server.SslNegotiation == "direct",
            Parameters = server.Options is { Length: > 0 } text ? [new("options", text)] : [],
        };
    }

    private static string ServerName(DatabaseUrl server) => server.SocketDirectory is { } directory
        ? $"{directory}:{(server.Hosts.Count > 0 ? server.Hosts[0].Port : DatabaseUrl.PortDefault)}"
        : string.Join(',', server.Hosts.Select(host => $"{host.Host}:{host.Port}"));

    private readonly record struct PoolKey(string Server, string Database, string User);
}
