using System.Runtime.CompilerServices;
using System.Text;
using Weir.Core.Pooling.Addresses;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.Secrets;

namespace Weir.Pooling;

/// <summary>All pools: one for each database and user, made when it is first asked for.</summary>
internal sealed partial class Pools(PoolRooms rooms, PoolOptions options)
{
    private static readonly TimeSpan AuthQueryMax = TimeSpan.FromSeconds(5);

    /// <summary>Of log-ins whose pool is known by their names; with --auth any, clients make up any number.</summary>
    private const int AskedMax = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<PoolKey, Pool> _all = [];

    private readonly Dictionary<ShareKey, PoolShare> _shares = [];

    /// <summary>
    /// Those of clients that showed nothing which goes on to the server, by what they asked for: that each such log-in
    /// makes no key of all that its URL demands.
    /// </summary>
    private readonly Dictionary<Asked, Pool> _asked = [];
    private PoolOptions _options = options;
    private Dictionary<string, PoolDatabase> _entries = ByName(options);

    /// <summary>Made once for each URL, since every log-in asks for it; with the options that are in force.</summary>
    private ConditionalWeakTable<DatabaseUrl, ServerWay> _ways = [];

    /// <summary>Requests and jobs that may want a connection at once; 0: not known.</summary>
    public int Slots { get; set; }

    /// <summary>Other options are in force, for the pools that are there too; where they go stays.</summary>
    public void Change(PoolOptions next)
    {
        lock (_lock)
        {
            Volatile.Write(ref _options, next);
            Volatile.Write(ref _entries, ByName(next));
            Volatile.Write(ref _ways, []);
            _asked.Clear();
            foreach (var (key, pool) in _all)
            {
                var entry = next.Databases.FirstOrDefault(one => one.Name == key.Entry);
                var limits = LimitsOf(next, entry, key.User);
                pool.Change(limits with { ConnectTimeout = pool.Target.ConnectTimeout ?? limits.ConnectTimeout });
                Share_NeedsLock(key, pool, next, entry);
            }
        }
    }

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
        var all = Volatile.Read(ref _entries);
        return all.TryGetValue(database, out var entry) || all.TryGetValue(PoolDatabase.Fallback, out entry)
            ? entry : null;
    }

    /// <summary>(The options are checked for names that come twice.)</summary>
    private static Dictionary<string, PoolDatabase> ByName(PoolOptions options)
    {
        var all = new Dictionary<string, PoolDatabase>(StringComparer.Ordinal);
        foreach (var entry in options.Databases)
            all.TryAdd(entry.Name, entry);
        return all;
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
        var asked = new Asked(entry, database, user);
        var showsNothing = entry.User is not null || (secret is null && shown == Admission.Shown.Nothing);
        if (showsNothing && Known(asked) is { } known)
            return known;
        var asUser = entry.User ?? user;
        // A stored secret logs in where it is a password; a SCRAM secret where the client has just shown its key.
        var plain = secret is not null && SecretCheck.IsHashed(secret) ? null : secret;
        var password = entry.User is not null ? entry.Server.Password ?? "" : shown.Password ?? plain ?? "";
        var keys = entry.User is null && shown.ClientKey is { } key && scram is not null && password.Length == 0
            ? new ServerKeys(scram, key) : null;
        var name = entry.SameName ? database : entry.Server.Database;
        var pool = Of(entry.Server, name, asUser, password, entry, database);
        if (keys is not null)
            pool.Target.Keys = keys;
        if (showsNothing)
            Know(asked, pool);
        return pool;
    }

    private Pool? Known(in Asked asked)
    {
        lock (_lock)
            return _asked.TryGetValue(asked, out var pool) ? pool : null;
    }

    private void Know(in Asked asked, Pool pool)
    {
        lock (_lock)
        {
            // What was read of older options is not kept.
            if (!ReferenceEquals(Find(asked.Database), asked.Entry))
                return;
            if (_asked.Count >= AskedMax)
                _asked.Clear();
            _asked[asked] = pool;
        }
    }

    /// <summary>The pool of an instance: the user and the server of its pass, any database there.</summary>
    public Pool OfPass(PassBook.Pass pass, string database) =>
        Of(pass.Server, database, pass.User, pass.Server.Password ?? "", null, database);

    /// <summary>Who asks the auth query for clients of this database; empty: nobody.</summary>
    public static string AuthUserOf(PoolOptions options, PoolDatabase? entry) => entry?.AuthUser ?? options.AuthUser;

    /// <summary>The stored secret that the auth query gives; null: no such user.</summary>
    /// <param name="users">Where the asking user's own password may stand; null: no list is given.</param>
    /// <exception cref="IOException">It could not be asked.</exception>
    public async Task<string?> AskSecretAsync(PoolOptions asked, UserList? users, StartupPacket packet)
    {
        var client = Find(packet.Database);
        var where = client?.AuthDatabase ?? (asked.AuthDatabase.Length > 0 ? asked.AuthDatabase : packet.Database);
        var entry = Find(where) ?? throw new IOException($"pool.auth-database: no such database: {where}");
        var name = entry.SameName ? where : entry.Server.Database;
        var user = AuthUserOf(asked, client);
        var listed = users is not null && users.TryGet(user, out var known) ? known : null;
        var password = listed is not null && !SecretCheck.IsHashed(listed) ? listed
            : entry.Server.User == user ? entry.Server.Password ?? "" : "";
        var pool = Of(entry.Server, name, user, password, entry, where);
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
        var way = Volatile.Read(ref _ways)
            .GetValue(server, url => ServerWay.Of(url, Volatile.Read(ref _options).ServerTls));
        var key = new PoolKey(way, database, user, entry?.Name);
        lock (_lock)
        {
            if (_all.TryGetValue(key, out var known))
            {
                // Whoever got in has shown it, or it stands in the options: it may have been changed since.
                if (password.Length > 0)
                    known.Target.Password = password;
                return known;
            }

            var now = Volatile.Read(ref _options);
            var target = ServerTarget.Of(server, way, database, user, password);
            var limits = LimitsOf(now, entry, user);
            // A URL's own patience goes before what is set for all.
            var pool = new Pool(rooms, target,
                limits with { ConnectTimeout = target.ConnectTimeout ?? limits.ConnectTimeout })
            {
                Name = asked,
                Number = 1 + _all.Values.Count(other => other.Name == asked && other.User == user),
            };
            if (_isAllPaused || _paused.Contains(asked))
                pool.Pause(true);
            Share_NeedsLock(key, pool, now, entry);
            _all.Add(key, pool);
            return pool;
        }
    }

    private PoolLimits LimitsOf(PoolOptions options, PoolDatabase? entry, string user) =>
        PoolLimits.Of(options, entry, options.Find(user), Slots);

    /// <summary>The pool has part in its database's bound and in its user's, where there are any.</summary>
    private void Share_NeedsLock(PoolKey key, Pool pool, PoolOptions options, PoolDatabase? entry)
    {
        // What a URL demands of a connection does not matter here: they all take of the same server's.
        Share_NeedsLock(new ShareKey(ShareKind.Database, key.Way.Address, key.Database, key.Entry), pool,
            PoolBounds.OfHost(PoolBounds.Connections(options, entry), options.Hosts));
        // Wherever the databases are.
        Share_NeedsLock(new ShareKey(ShareKind.User, "", key.User, null), pool,
            PoolBounds.OfHost(PoolBounds.Connections(options, options.Find(key.User)), options.Hosts));
    }

    private void Share_NeedsLock(ShareKey key, Pool pool, int max)
    {
        if (!_shares.TryGetValue(key, out var share))
        {
            if (max <= 0)
                return;
            _shares.Add(key, share = new PoolShare(key.Kind, key.Name, max));
        }

        share.Max = max > 0 ? max : int.MaxValue;
        pool.Join(share);
    }

    /// <summary>What a client's log-in says of its pool.</summary>
    private readonly record struct Asked(PoolDatabase Entry, string Database, string User)
    {
        public bool Equals(Asked other) => ReferenceEquals(Entry, other.Entry) && Database == other.Database
            && User == other.User;

        public override int GetHashCode() => HashCode.Combine(Database, User);
    }

    /// <param name="Entry">Under which of the databases of the options; null: by a pass.</param>
    private readonly record struct PoolKey(ServerWay Way, string Database, string User, string? Entry);

    /// <summary>Pools that have a bound together.</summary>
    private readonly record struct ShareKey(ShareKind Kind, string Address, string Name, string? Entry);
}
