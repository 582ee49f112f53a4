namespace Weir.Pooling;

/// <summary>What the house asks a server within a client's lease.</summary>
internal enum HouseQuestion : byte
{
    None,

    /// <summary>To be what the client left it: reset, settings, statements.</summary>
    Change,

    /// <summary>To PREPARE what the client has PREPAREd; a failure costs the client that statement.</summary>
    Statements,

    /// <summary>Nothing: a batch of the client's failed for a stale plan, and is sent once more behind this.</summary>
    Replay,

    /// <summary>What the transaction has left behind.</summary>
    ReadBack,

    /// <summary>To end the transaction of a client that went.</summary>
    Rollback,
}
