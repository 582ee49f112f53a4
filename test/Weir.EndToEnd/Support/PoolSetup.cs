namespace Weir.EndToEnd.Support;

/// <summary>How a <see cref="PoolDoor"/> is started: the same for every contender, as far as it can do it.</summary>
internal sealed record PoolSetup
{
    /// <summary>The server's loopback port, or that of what stands before it.</summary>
    public required int To { get; init; }

    public int PoolSize { get; init; } = 10;
    public string Mode { get; init; } = "transaction";
    public string User { get; init; } = PostgresServer.User;
    public string Password { get; init; } = "";
    public string Database { get; init; } = PostgresServer.Database;

    /// <summary>Parameters of the server's address for Weir: <c>sslmode=require</c>.</summary>
    public string Parameters { get; init; } = "";

    /// <summary>The folder of a unix socket to listen on besides; empty = none.</summary>
    public string SocketFolder { get; init; } = "";

    /// <summary>For <c>taskset -c</c>; empty = any.</summary>
    public string Cpus { get; init; } = "";

    /// <summary>
    /// A pgbouncer.ini for Weir, in place of its address and mode; <c>{port}</c> in it is the server's.
    /// </summary>
    public string Ini { get; init; } = "";

    /// <summary>Weir's admin door.</summary>
    public string Admin { get; init; } = "off";

    /// <summary>Further words for <c>weir pool</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
