namespace Weir.Core.Pooling.Sql;

/// <summary>
/// What a statement may leave on a server connection that the client's <c>SessionState</c> does not tell of, so that it
/// must go before another client gets the connection. Ordered: of two, the greater holds.
/// </summary>
public enum Residue : byte
{
    /// <summary>Nothing beyond the names that the reading gives.</summary>
    None,

    /// <summary>All that a reset takes away, prepared statements apart.</summary>
    Resettable,

    /// <summary>As above, and statements that code we cannot see may have PREPAREd.</summary>
    ResettableWithStatements,

    /// <summary>A loaded library, a seed, a replication origin: close the server connection rather than lend it.</summary>
    Lasting,
}
