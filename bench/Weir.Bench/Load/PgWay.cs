using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Load;

/// <summary>How libpq reaches a server.</summary>
/// <param name="Name">For tables.</param>
/// <param name="Parameters">Further ones of libpq's.</param>
internal sealed record PgWay(string Name, string Parameters = "")
{
    /// <summary>As libpq does unless told otherwise: it asks for TLS first, which costs a round trip.</summary>
    public static readonly PgWay Tcp = new("TCP");

    public static readonly PgWay TcpWithoutTls = new("TCP, sslmode=disable", "sslmode=disable gssencmode=disable");

    public static readonly PgWay UnixSocket = new("unix socket");

    /// <summary>The connection string of a door.</summary>
    public string To(PoolDoor door, string socketFolder) => string.Create(CultureInfo.InvariantCulture,
        $"host={(this == UnixSocket ? socketFolder : "127.0.0.1")} port={door.Port} user={PostgresServer.User} " +
        $"dbname={PostgresServer.Database} {Parameters}");
}
