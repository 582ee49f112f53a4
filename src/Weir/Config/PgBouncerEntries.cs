using System.Globalization;
using Weir.Core.Pooling.Addresses;
using Weir.Pooling;

namespace Weir.Config;

/// <summary>[databases] and [users] of a pgbouncer.ini as the pooler's own.</summary>
internal sealed class PgBouncerEntries(string path, List<SettingFault> faults)
{
    private static readonly string[] s_database =
    [
        "host", "port", "dbname", "user", "password", "auth_user", "auth_dbname", "pool_size", "min_pool_size",
        "pool_mode", "max_db_connections", "max_db_client_connections", "client_encoding", "datestyle", "timezone",
    ];

    private static readonly string[] s_user = ["pool_mode", "pool_size"];

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
            databases.Add(Database(name, values, tls, sockets));
            TellLeft(values, s_database);
        }

        return databases;
    }

    public IReadOnlyList<PoolUser> Users(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> entries)
    {
        var users = new List<PoolUser>();
        foreach (var (name, words) in entries)
        {
            var values = new PgBouncerValues(words, name + ".", path, faults);
            users.Add(new PoolUser { Name = name, Mode = values.Mode(), Size = Size(values, "pool_size") });
            TellLeft(values, s_user);
        }

        return users;
    }

    private static PoolDatabase Database(
        string name, PgBouncerValues values, IReadOnlyList<KeyValuePair<string, string>> tls, string sockets)
    {
        var database = values.Text("dbname");
        var user = values.Text("user");
        var isFallback = name == PoolDatabase.Fallback;
        var (hosts, directory) = Place(values, sockets);
        return new PoolDatabase
        {
            Name = name,
            Server = new DatabaseUrl
            {
                Scheme = "postgres",
                User = user ?? "",
                Password = values.Text("password"),
                Hosts = hosts,
                SocketDirectory = directory,
                Database = database ?? (isFallback ? "" : name),
                Parameters = [.. tls, .. Options(values)],
            },
            SameName = isFallback && database is null,
            User = user,
            Mode = values.Mode(),
            Size = Size(values, "pool_size"),
            SizeMin = values.Count("min_pool_size"),
            ConnectionsMax = values.Count("max_db_connections"),
            ClientsMax = values.Count("max_db_client_connections", 1_000_000),
            AuthUser = values.Text("auth_user"),
            AuthDatabase = values.Text("auth_dbname"),
        };
    }

    private static (IReadOnlyList<(string, int)> Hosts, string? Directory) Place(PgBouncerValues values, string sockets)
    {
        var port = values.Count("port", 65_535) ?? DatabaseUrl.PortDefault;
        var hosts = values.List("host") ?? [];
        var directory = hosts.FirstOrDefault(host => host.StartsWith('/')) ?? (hosts.Count == 0 ? sockets : null);
        if (directory is not null)
        {
            if (hosts.Count > 1)
                values.Fault("host", "a socket's folder stands alone, without other hosts");
            // The port is a part of the socket's name.
            return ([("", port)], directory);
        }

        return ([.. hosts.Select(host => (host, port))], null);
    }

    /// <summary>What every session of this database begins with, said as libpq says it.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Options(PgBouncerValues values)
    {
        string[] names = ["client_encoding", "datestyle", "timezone"];
        var said = names.Select(name => (Name: name, Value: values.Text(name))).Where(one => one.Value is not null)
            .Select(one => $"-c {one.Name}={Escaped(one.Value!)}").ToList();
        return said.Count == 0 ? [] : [KeyValuePair.Create("options", string.Join(' ', said))];
    }

    private static string Escaped(string value) =>
        value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace(" ", @"\ ", StringComparison.Ordinal);

    private static int? Size(PgBouncerValues values, string key) =>
        values.Count(key) is { } size ? size == 0 ? PoolOptions.SizeMax : size : null;

    private static void TellLeft(PgBouncerValues values, string[] known)
    {
        foreach (var (key, value) in values.Left.ToList())
        {
            if (PgBouncerUnused.OfEntry(key, known) is { } problem && !IsNothing(value))
                values.Warn(key, problem);
        }
    }

    private static bool IsNothing(string value) =>
        value.Length == 0 || decimal.TryParse(value, CultureInfo.InvariantCulture, out var number) && number == 0;
}
