using System.Net;
using System.Net.Sockets;
using Weir.Core.Pooling.Addresses;

namespace Weir.Pooling;

/// <summary>Where a pool's server connections go, and as whom.</summary>
internal sealed class ServerTarget
{
    private SocketAddress[] _addresses = [];
    private int _next;

    public required string Host { get; init; }
    public required int Port { get; init; }

    /// <summary>A directory of unix sockets, as libpq takes it; then <see cref="Host"/> is unused.</summary>
    public string? SocketDirectory { get; init; }

    public required string Database { get; init; }
    public required string User { get; init; }
    public string Password { get; init; } = "";

    /// <summary>Keys that a client's own SCRAM log-in gave, where no password is known.</summary>
    public ServerKeys? Keys { get; set; }

    public PgSslMode SslMode { get; init; } = PgSslMode.Prefer;
    public string? SslRootCert { get; init; }
    public string? SslCert { get; init; }
    public string? SslKey { get; init; }

    /// <summary>TLS from the first byte (PostgreSQL 17).</summary>
    public bool IsTlsDirect { get; init; }

    /// <summary>Startup parameters beside user and database, as "options" of the URL.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    public bool IsUnix => SocketDirectory is not null;

    public string Address => IsUnix ? $"{SocketDirectory}:{Port}" : $"{Host}:{Port}";

    /// <summary>True once a name was looked up, or where none has to be.</summary>
    public bool IsResolved => Volatile.Read(ref _addresses).Length > 0;

    /// <summary>What the name was found to be; empty until it was looked up, and for a unix socket.</summary>
    public IReadOnlyList<string> Addresses => IsUnix ? []
        : [.. Volatile.Read(ref _addresses).Select(one => new IPEndPoint(0, 0).Create(one)).OfType<IPEndPoint>()
            .Select(one => one.Address.ToString())];

    /// <summary>The next address in turn. Only once it is resolved.</summary>
    public SocketAddress NextAddress()
    {
        var addresses = Volatile.Read(ref _addresses);
        return addresses[(uint)Interlocked.Increment(ref _next) % (uint)addresses.Length];
    }

    /// <summary>Looks the name up; the addresses that worked so far stay where that fails. Blocks.</summary>
    /// <exception cref="SocketException">It was never known.</exception>
    public void LookUp()
    {
        try
        {
            Volatile.Write(ref _addresses, Find());
        }
        catch (SocketException) when (IsResolved)
        {
            // The name service is away; what worked so far is the best there is.
        }
    }

    private SocketAddress[] Find()
    {
        if (SocketDirectory is { } directory)
            return [new UnixDomainSocketEndPoint(Path.Combine(directory, $".s.PGSQL.{Port}")).Serialize()];
        if (IPAddress.TryParse(Host, out var ip))
            return [new IPEndPoint(ip, Port).Serialize()];
        var found = Dns.GetHostAddresses(Host);
        return found.Length == 0 ? throw new SocketException((int)SocketError.HostNotFound)
            : [.. found.Select(one => new IPEndPoint(one, Port).Serialize())];
    }
}
