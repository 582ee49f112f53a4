namespace Weir.Pooling;

/// <summary>How long a client session holds a server connection. In the order of pool.mode's words.</summary>
internal enum PoolMode : byte
{
    /// <summary>For a transaction; longer only while the client is pinned by state that cannot be replayed.</summary>
    Transaction,

    /// <summary>Until the client goes.</summary>
    Session,

    /// <summary>For one statement; a transaction of several is refused.</summary>
    Statement,
}
