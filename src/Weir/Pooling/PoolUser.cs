namespace Weir.Pooling;

/// <summary>What one user has of its own (pgbouncer.ini's [users]); null = as its database, or as all.</summary>
internal sealed record PoolUser
{
    public required string Name { get; init; }

    /// <summary>Goes before the database's mode.</summary>
    public PoolMode? Mode { get; init; }

    /// <summary>Of each of its pools; 0 = no bound but the others.</summary>
    public int? Size { get; init; }

    /// <summary>Of each of its pools, beyond its size.</summary>
    public int? ReserveSize { get; init; }

    /// <summary>Server connections of all of its pools; 0 = as for all users.</summary>
    public int? ConnectionsMax { get; init; }

    /// <summary>Client sessions; 0 = as for all users.</summary>
    public int? ClientsMax { get; init; }
}
