namespace Weir.Core.Pooling.Sql;

/// <summary>Words that the reader acts on, most of them at the head of a statement.</summary>
internal enum Keyword : byte
{
    None,

    /// <summary>SELECT, VALUES, TABLE.</summary>
    Query,
    With,
    Insert,
    Merge,
    Update,
    Delete,
    Copy,
    Set,
    Reset,
    Show,

    /// <summary>BEGIN, START, SAVEPOINT, RELEASE.</summary>
    Begin,

    /// <summary>COMMIT, END, ABORT, ROLLBACK.</summary>
    Commit,
    Prepare,
    Execute,
    Deallocate,
    Discard,
    Declare,

    /// <summary>FETCH, MOVE, LOCK.</summary>
    Fetch,
    Close,
    Listen,
    Unlisten,
    Notify,
    Load,

    /// <summary>DO, CALL.</summary>
    Code,
    Explain,

    /// <summary>CREATE, ALTER, GRANT and their like.</summary>
    Define,
    Drop,

    /// <summary>TRUNCATE, VACUUM, REFRESH and their like.</summary>
    Maintain,
    Into,
    Temp,
    Hold,
    Default,
    From,
    SetConfig,

    /// <summary>pg_settings: an UPDATE of that view sets.</summary>
    SettingsView,
}
