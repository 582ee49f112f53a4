namespace Weir.Core.Pooling.Messages;

/// <summary>What a CommandComplete says was done, as far as the pooler asks.</summary>
internal enum CommandKind : byte
{
    Other,
    Select,
    Insert,
    Update,
    Delete,
    Merge,
    Copy,
    Fetch,
    Begin,
    Commit,

    /// <summary>ROLLBACK, and COMMIT of a failed transaction; ROLLBACK TO says the same.</summary>
    Rollback,
    Savepoint,
    Release,

    /// <summary>PREPARE TRANSACTION.</summary>
    PrepareTransaction,

    /// <summary>
    /// SET x, SET LOCAL x, SET ROLE, SET SESSION AUTHORIZATION, SET TRANSACTION: the tag does not say which.
    /// </summary>
    Set,
    SetConstraints,
    Reset,
    Show,
    Listen,
    Unlisten,
    Notify,
    Prepare,
    Deallocate,
    DeallocateAll,
    DiscardAll,

    /// <summary>DISCARD PLANS, SEQUENCES, TEMP.</summary>
    Discard,
    DeclareCursor,

    /// <summary>CLOSE CURSOR and CLOSE CURSOR ALL.</summary>
    CloseCursor,
    Load,
    Do,
    Call,
    Lock,

    /// <summary>
    /// CREATE, ALTER, DROP, GRANT, REVOKE, IMPORT, REASSIGN: what plans and the catalogue's facts hang on. Not
    /// TRUNCATE, REFRESH, REINDEX or COMMENT, which change no statement's result and which some apps run all
    /// the time; and
    /// CREATE TABLE AS is a Select by its tag.
    /// </summary>
    Ddl,
}
