namespace Weir.Pooling;

/// <summary>What came of a log-in to a server, tried before anybody is led through the pooler.</summary>
/// <param name="Problem">Why it did not work, without a secret; null where it did.</param>
internal sealed record PoolProbe(string? Problem)
{
    /// <summary>max_connections; 0 = it did not say.</summary>
    public int ConnectionsMax { get; init; }

    /// <summary>superuser_reserved_connections, and reserved_connections where there are such.</summary>
    public int Reserved { get; init; }
}
