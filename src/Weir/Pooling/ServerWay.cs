using System.Security.Authentication;
using Weir.Core.Pooling.Addresses;

namespace Weir.Pooling;

// Two URLs share a server connection only where this record is equal, for it is the pool's key as a whole; and whoever
// connects, speaks TLS or logs in has nothing but this record to go by. So a demand of a URL that is acted on cannot be
// missing from the key: it has to be read into here before anybody can act on it.

/// <summary>
/// Where a server is, and everything that a URL demands of a connection to it and of how that came to be.
/// </summary>
internal sealed record ServerWay
{
    /// <summary>In the order in which they are tried; empty where a socket is named.</summary>
    public required ValueList<(string Host, int Port)> Hosts { get; init; }

    /// <summary>
    /// Numeric addresses, one for each host that has one, by position; then its name is not looked up.
    /// </summary>
    public ValueList<string> HostAddresses { get; init; } = ValueList<string>.Empty;

    /// <summary>A directory of unix sockets, as libpq takes it (@name: abstract); then there are no hosts.</summary>
    public string? SocketDirectory { get; init; }

    /// <summary>Of the socket.</summary>
    public int Port { get; init; } = DatabaseUrl.PortDefault;

    /// <summary>A pool never mixes a primary's connections with a standby's.</summary>
    public SessionAttributes Wanted { get; init; }

    /// <summary>libpq's load_balance_hosts=random: hosts by turns, too.</summary>
    public bool IsBalanced { get; init; }

    public PgSslMode SslMode { get; init; } = PgSslMode.Prefer;
    public string? SslRootCert { get; init; }
    public string? SslCert { get; init; }
    public string? SslKey { get; init; }

    /// <summary>Of the key; null: it has none.</summary>
    public string? SslPassword { get; init; }

    /// <summary>The versions of TLS that will do.</summary>
    public SslProtocols Tls { get; init; }

    /// <summary>TLS from the first byte (PostgreSQL 17).</summary>
    public bool IsTlsDirect { get; init; }

    /// <summary>How the server may ask who Weir is.</summary>
    public LoginDemands Demands { get; init; } = LoginDemands.None;

    /// <summary>What the URL demands and Weir cannot give, in a sentence; empty: nothing.</summary>
    public string Unmet { get; init; } = "";

    /// <summary>Startup parameters beside user and database, as "options" of the URL.</summary>
    public ValueList<KeyValuePair<string, string>> Parameters { get; init; } =
        ValueList<KeyValuePair<string, string>>.Empty;

    public bool IsUnix => SocketDirectory is not null;

    /// <summary>For people.</summary>
    public string Address => IsUnix ? $"{SocketDirectory}:{Port}"
        : string.Join(',', Hosts.Select(host => $"{host.Host}:{host.Port}"));

    /// <summary>As a URL says it.</summary>
    /// <param name="sslMode">pool.server-tls, which goes before the URL's; null: the URL's.</param>
    public static ServerWay Of(DatabaseUrl server, PgSslMode? sslMode)
    {
        var demands = LoginDemands.Read(server, out var unmet);
        var tls = TlsVersions.Read(server, out var unspoken);
        var showsItself = server.Get("sslcertmode") != "disable";
        return new ServerWay
        {
            Hosts = new(HostsOf(server)),
            HostAddresses = new(server.HostAddr?.Split(',') ?? []),
            SocketDirectory = server.SocketDirectory,
            Port = server.Port,
            Wanted = SessionRole.Read(server.TargetSessionAttrs),
            IsBalanced = server.Get("load_balance_hosts") == "random",
            SslMode = sslMode ?? server.SslMode,
            SslRootCert = server.SslRootCert,
            SslCert = showsItself ? server.SslCert : null,
            SslKey = showsItself ? server.SslKey : null,
            SslPassword = server.SslPassword,
            Tls = tls,
            IsTlsDirect = server.SslNegotiation == "direct",
            Demands = demands,
            Unmet = unmet.Length > 0 ? unmet : unspoken,
            Parameters = new(server.Options is { Length: > 0 } text ? [new("options", text)] : []),
        };
    }

    /// <summary>Every client that logs in asks for it: the place is enough to tell most apart.</summary>
    public override int GetHashCode() => HashCode.Combine(Hosts, SocketDirectory, Port, SslMode);

    /// <summary>Never what is secret, which a record would otherwise tell.</summary>
    public override string ToString() => Address;

    private static IEnumerable<(string Host, int Port)> HostsOf(DatabaseUrl server) =>
        server.SocketDirectory is not null ? []
        : server.Hosts.Count > 0 ? server.Hosts
        : server.HostAddr is { Length: > 0 } all ? all.Split(',').Select(one => (one, server.Port))
        : [("localhost", server.Port)];
}
