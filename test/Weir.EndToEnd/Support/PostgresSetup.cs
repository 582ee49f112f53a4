namespace Weir.EndToEnd.Support;

/// <summary>How a <see cref="PostgresServer"/> is made.</summary>
internal sealed record PostgresSetup
{
    public int ConnectionsMax { get; init; } = 100;

    /// <summary>TLS on the loopback port with a certificate of its own making, for 127.0.0.1 and localhost.</summary>
    public bool IsTlsOn { get; init; }

    /// <summary>Further lines of postgresql.conf.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Further lines of pg_hba.conf, ahead of those that trust.</summary>
    public IReadOnlyList<string> Access { get; init; } = [];

    /// <summary>For <c>taskset -c</c>; empty = any.</summary>
    public string Cpus { get; init; } = "";
}
