using System.Globalization;
using Weir.Core.Pooling.Addresses;
using Weir.Pooling;

namespace Weir.Config;

/// <summary>[databases] and [users] of a pgbouncer.ini as the pooler's own.</summary>
internal sealed class PgBouncerEntries(string path, List<SettingFault> faults)
{
    /// <summary>What a session may begin with.</summary>
    private static readonly string[] s_beginnings = ["client_encoding", "datestyle", "timezone", "application_name"];

    /// <param name="tls">What server_tls_* says, as parameters of a URL.</param>
    /// <param name="sockets">Where the server's unix socket is, where an entry names no host.</param>
    public IReadOnlyList<PoolDatabase> Databases(
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> entries,
        IReadOnlyList<KeyValuePair<string, string>> tls, string sockets)
    {
        var databases = new List<PoolDatabase>();
        foreach (var (name, words) in entries)
        {
            var values = new PgBouncerValues(words, name + ".", path, faults);
            if (Database(name, values, tls, sockets) is { } database)
                databases.Add(database);
            TellLeft(values);
        }

        return databases;
    }

    public IReadOnlyList<PoolUser> Users(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> entries)
    {
        var users = new List<PoolUser>();
        foreach (var (name, words) in entries)
        {
            var values = new PgBouncerValues(words, name + ".", path, faults);
            users.Add(new PoolUser
            {
                Name = name,
                Mode = values.Mode(),
                Size = Size(values, "pool_size"),
                ReserveSize = values.Count("reserve_pool_size"),
                ConnectionsMax = values.Count("max_user_connections"),
                ClientsMax = values.Count("max_user_client_connections", 1_000_000),
            });
            TellLeft(values);
        }

        return users;
    }

    private static PoolDatabase? Database(
        string name, PgBouncerValues values, IReadOnlyList<KeyValuePair<string, string>> tls, string sockets)
    {
        var (user, database) = (values.Text("user"), values.Text("dbname"));
        var isFallback = name == PoolDatabase.Fallback;
        var url = Url(values, user, database ?? (isFallback ? "" : name), tls, sockets);
        if (DatabaseUrl.Parse(url, out var problem) is not { } server)
        {
            values.Fault("host", problem);
            return null;
        }

        return new PoolDatabase
        {
            Name = name,
            Server = server,
            SameName = isFallback && database is null,
            User = user,
            Mode = values.Mode(),
            Size = Size(values, "pool_size"),
            SizeMin = values.Count("min_pool_size"),
            ReserveSize = Reserve(values),
            ConnectionsMax = values.Count("max_db_connections"),
            ClientsMax = values.Count("max_db_client_connections", 1_000_000),
            AuthUser = values.Text("auth_user"),
            AuthDatabase = values.Text("auth_dbname"),
        };
    }

    /// <summary>The entry as a URL, which is what the pooler knows servers by.</summary>
    private static string Url(
        PgBouncerValues values, string? user, string database, IReadOnlyList<KeyValuePair<string, string>> tls,
        string sockets)
    {
        var port = (values.Count("port", 65_535) ?? DatabaseUrl.PortDefault).ToString(CultureInfo.InvariantCulture);
        var hosts = values.List("host") ?? [];
        var directory = hosts.FirstOrDefault(host => host.StartsWith('/')) ?? (hosts.Count == 0 ? sockets : null);
        // TLS is never spoken over a unix socket.
        var parameters = Options(values).Concat(directory is null ? tls : []).ToList();
        if (directory is not null)
        {
            if (hosts.Count > 1)
                values.Fault("host", "a socket's folder stands alone, without other hosts");
            // The port is a part of the socket's name.
            parameters.AddRange([KeyValuePair.Create("host", directory), KeyValuePair.Create("port", port)]);
        }

        var places = directory is not null ? "" : string.Join(',', hosts.Select(host =>
            host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}"));
        var password = values.Text("password") is { } secret ? ":" + Uri.EscapeDataString(secret) : "";
        var credentials = user is null && password.Length == 0 ? "" : $"{Uri.EscapeDataString(user ?? "")}{password}@";
        var query = string.Join('&', parameters.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        return $"postgres://{credentials}{places}/{Uri.EscapeDataString(database)}?{query}";
    }

    /// <summary>What every session of this database begins with, said as libpq says it.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Options(PgBouncerValues values)
    {
        var said = s_beginnings.Select(name => (Name: name, Value: values.Text(name)))
            .Where(one => one.Value is not null)
            .Select(one => $"-c {one.Name}={Escaped(one.Value!)}").ToList();
        return said.Count == 0 ? [] : [KeyValuePair.Create("options", string.Join(' ', said))];
    }

    private static string Escaped(string value) =>
        value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace(" ", @"\ ", StringComparison.Ordinal);

    private static int? Size(PgBouncerValues values, string key) =>
        values.Count(key) is { } size ? size == 0 ? PoolOptions.SizeMax : size : null;

    /// <summary>By its name, or by that which it had before.</summary>
    private static int? Reserve(PgBouncerValues values)
    {
        var before = values.Count("reserve_pool");
        return values.Count("reserve_pool_size") ?? before;
    }

    private static void TellLeft(PgBouncerValues values)
    {
        foreach (var (key, value) in values.Left.ToList())
        {
            if (PgBouncerUnused.OfEntry(key) is { } problem && !IsNothing(value))
                values.Warn(key, problem);
        }
    }

    private static bool IsNothing(string value) =>
        value.Length == 0 || (PgBouncerKey.TryReadSeconds(value, out var number) && number == 0);
}
