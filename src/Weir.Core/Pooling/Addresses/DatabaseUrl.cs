using System.Globalization;

namespace Weir.Core.Pooling.Addresses;

/// <summary>
/// A URL that names a PostgreSQL database, by <see cref="Parse"/>, or as a file of settings tells it.
/// </summary>
internal sealed partial record DatabaseUrl
{
    public const int PortDefault = 5432;
    public const int LengthMax = 16 * 1024;

    /// <summary>As written: postgres, postgresql, postgis, postgresql+psycopg2 …</summary>
    public required string Scheme { get; init; }

    /// <summary>Empty where none is given: a driver then takes the name of the system's user.</summary>
    public required string User { get; init; }

    /// <summary>Null where none is given.</summary>
    public string? Password { get; init; }

    /// <summary>In their order; empty where a socket is named, or nothing at all.</summary>
    public required IReadOnlyList<(string Host, int Port)> Hosts { get; init; }

    /// <summary>
    /// Where the host is a directory of unix sockets (or @name, an abstract one); else null. With no hosts either, a
    /// driver takes its default: libpq a socket in /var/run/postgresql or /tmp, others localhost.
    /// </summary>
    public string? SocketDirectory { get; init; }

    /// <summary>Of the socket (.s.PGSQL.PORT); else of the first host.</summary>
    public int Port { get; init; } = PortDefault;

    /// <summary>The user's name where none is given.</summary>
    public required string Database { get; init; }

    /// <summary>Of the query, decoded, in their order; of a name given more than once the last holds.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; }

    /// <summary>Prefer where the URL says nothing, as with libpq.</summary>
    public PgSslMode SslMode { get; init; } = PgSslMode.Prefer;

    public string? SslRootCert => Get("sslrootcert");

    public string? SslCert => Get("sslcert");

    public string? SslKey => Get("sslkey");

    public string? SslPassword => Get("sslpassword");

    /// <summary>postgres or direct: TLS with no SSLRequest before it.</summary>
    public string? SslNegotiation => Get("sslnegotiation");

    /// <summary>disable, prefer or require.</summary>
    public string? ChannelBinding => Get("channel_binding");

    public string? Options => Get("options");

    public string? ApplicationName => Get("application_name");

    public string? TargetSessionAttrs => Get("target_session_attrs");

    /// <summary>Numeric addresses to connect to, while certificates are checked against the hosts' names.</summary>
    public string? HostAddr => Get("hostaddr");

    /// <summary>Seconds; null where none or no limit is given.</summary>
    public int? ConnectTimeout =>
        int.TryParse(Get("connect_timeout"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds > 0
            ? seconds
            : null;

    /// <summary>Of the query; the last of its name.</summary>
    public string? Get(string name)
    {
        for (var index = Parameters.Count - 1; index >= 0; index--)
        {
            if (Parameters[index].Key == name)
                return Parameters[index].Value;
        }

        return null;
    }

    /// <summary>Never the password, which a record would otherwise tell.</summary>
    public override string ToString() => Redacted;
}
