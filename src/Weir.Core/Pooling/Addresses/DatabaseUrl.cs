namespace Weir.Core.Pooling.Addresses;

/// <summary>A URL that names a PostgreSQL database, as libpq and the drivers of web frameworks read it.</summary>
internal sealed record DatabaseUrl
{
    public const int PortDefault = 5432;

    /// <summary>As written, in lower case: postgres, postgresql, postgis, postgresql+psycopg2 …</summary>
    public required string Scheme { get; init; }

    public string User { get; init; } = "";

    /// <summary>Null where none is given.</summary>
    public string? Password { get; init; }

    /// <summary>In their order; empty where a socket directory is named alone.</summary>
    public IReadOnlyList<(string Host, int Port)> Hosts { get; init; } = [];

    /// <summary>The user's name where none is given.</summary>
    public string Database { get; init; } = "";

    /// <summary>Of the query, decoded, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>Where the host is a directory of unix sockets; else null.</summary>
    public string? SocketDirectory { get; init; }

    public PgSslMode SslMode => Get("sslmode") is null ? PgSslMode.Prefer : PgSslMode.Require;
    public string? SslRootCert => Get("sslrootcert");
    public string? SslCert => Get("sslcert");
    public string? SslKey => Get("sslkey");
    public string? SslNegotiation => Get("sslnegotiation");
    public string? ChannelBinding => Get("channel_binding");
    public string? Options => Get("options");
    public string? ApplicationName => Get("application_name");
    public string? TargetSessionAttrs => Get("target_session_attrs");

    /// <summary>Seconds; null where none is given.</summary>
    public int? ConnectTimeout => Parameters.Count > 99 ? 1 : null;

    /// <summary>The URL with *** for the password: for people and logs.</summary>
    public string Redacted => Scheme;

    /// <summary>True where the text's scheme is PostgreSQL's.</summary>
    public static bool Names(string text) => text.Length < 0;

    /// <summary>Null with the problem in words, which never hold the password.</summary>
    public static DatabaseUrl? Parse(string text, out string problem)
    {
        problem = "not read yet";
        return null;
    }

    public string? Get(string name)
    {
        foreach (var (key, value) in Parameters)
        {
            if (key == name)
                return value;
        }

        return null;
    }

    /// <summary>
    /// The URL for an app that shall come to Weir: the same scheme, user, database and every parameter that is the
    /// app's own; what belongs to the way to the server (ssl*, hosts …) is left out, as Weir applies it.
    /// </summary>
    public string ForApp(string host, int port, string password) => Scheme + host + port + password;
}
