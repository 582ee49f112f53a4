using Weir.Core.Pooling.Addresses;

namespace Weir.Config;

/// <summary>
/// Keys of a pgbouncer.ini that nothing is done with: each with what to do where somebody relied on it, or without,
/// where Weir has its own way and nobody loses anything.
/// </summary>
internal static class PgBouncerUnused
{
    private const string Peers = "cancel requests are not passed between Weirs: give each client one Weir "
        + "(one uses all processors)";

    private static readonly Dictionary<string, string> s_settings = new()
    {
        ["transaction_timeout"] = "not looked at: say ALTER ROLE … SET transaction_timeout (PostgreSQL 17)",
        ["server_reset_query"] = "never sent: Weir takes back itself what a client may have left",
        ["server_round_robin"] = "the connection used last is lent first, so that those not needed can be closed",
        ["application_name_add_host"] = "not added: SHOW CLIENTS has each client's address",
        ["disable_pqexec"] = "simple queries are taken: let the app's driver send extended ones alone",
        ["user"] = "Weir does not change its user: start it as that one",
        ["unix_socket_mode"] = "the socket has the mode of Weir's umask: put it into a folder with the mode wanted",
        ["unix_socket_group"] = "the socket has Weir's own group: put it into a folder with the group wanted",
        ["so_reuseport"] = "one Weir uses all processors: run one, and let the others go",
        ["peer_id"] = Peers,
        ["client_tls_protocols"] = "TLS 1.2 and 1.3 are spoken",
        ["server_tls_protocols"] = "TLS 1.2 and 1.3 are spoken",
        ["auth_ident_file"] = "not read: name who may log in with auth_file or auth_query",
    };

    /// <summary>Of a database or a user alone.</summary>
    private static readonly Dictionary<string, string> s_entry = new()
    {
        ["connect_query"] = "never sent: say ALTER ROLE … SET or ALTER DATABASE … SET for what it sets",
        ["server_lifetime"] = "not looked at here: server_lifetime under [pgbouncer] holds for all",
        ["auth_query"] = "not looked at here: auth_query under [pgbouncer] holds for all",
        ["query_timeout"] = "not looked at here: under [pgbouncer] it holds for all",
        ["idle_transaction_timeout"] = "not looked at here: under [pgbouncer] it holds for all",
        ["transaction_timeout"] = "not looked at: say ALTER ROLE … SET transaction_timeout (PostgreSQL 17)",
        ["client_idle_timeout"] = "not looked at here: under [pgbouncer] it holds for all",
    };

    /// <summary>What is said although it is not the usual, and means the same here.</summary>
    private static readonly (string Key, string Value)[] s_same =
    [
        ("server_reset_query", ""), ("client_tls_protocols", "tlsv1.2,tlsv1.3"), ("client_tls_protocols", "all"),
        ("server_tls_protocols", "tlsv1.2,tlsv1.3"), ("server_tls_protocols", "all"),
        ("unix_socket_mode", "777"),
    ];

    /// <summary>Faults of the keys of [pgbouncer] that are not used.</summary>
    /// <param name="left">Those that nobody has read, with their values.</param>
    public static IEnumerable<SettingFault> OfSettings(
        IEnumerable<KeyValuePair<string, string>> left, string where)
    {
        var known = PgBouncerKeys.All.ToDictionary(key => key.Name);
        var ownWay = new List<string>();
        foreach (var (key, value) in left)
        {
            // One that PgBouncer does not know was told by the ini's reader.
            if (!known.TryGetValue(key, out var one) || IsUsual(one, value))
                continue;
            if (s_settings.TryGetValue(key, out var advice))
            {
                yield return new SettingFault(key, where, advice, IsWarning: true);
            }
            else
            {
                ownWay.Add(key);
            }
        }

        if (ownWay.Count > 0)
        {
            yield return new SettingFault("", where,
                $"not used, since Weir has its own way: {string.Join(", ", ownWay)}", IsWarning: true);
        }
    }

    /// <summary>What to do without a word of a database's or a user's entry; null where nothing is lost.</summary>
    public static string? OfEntry(string key) => s_entry.GetValueOrDefault(key);

    private static bool IsUsual(PgBouncerKey key, string value) =>
        value == (key.Default ?? (key.Kind == PgBouncerKeyKind.Whole ? "0" : ""))
        || s_same.Contains((key.Name, value.Replace(" ", "", StringComparison.Ordinal)));
}
