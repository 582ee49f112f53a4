namespace Weir.Core.Pooling.Sql;

/// <summary>
/// What a text may have changed for its own client: when to ask the server, never whether. <see cref="Frees"/> alone
/// is worth a question only while the client is pinned, since it can only end a pin.
/// </summary>
[Flags]
public enum Touch
{
    None = 0,

    /// <summary>The settings that the reading names.</summary>
    Settings = 1,

    /// <summary>RESET ALL, DISCARD ALL: every setting of the session (RESET ALL leaves user and role).</summary>
    AllSettings = 2,

    /// <summary>PREPARE, DEALLOCATE.</summary>
    Prepared = 4,
    Temp = 8,
    Listen = 16,
    Cursor = 32,
    Lock = 64,

    /// <summary>LOAD, setseed and their like, which nothing takes back.</summary>
    Lasting = 128,

    /// <summary>A sequence may have moved: currval and lastval would tell another client.</summary>
    Sequence = 256,

    /// <summary>set_config with a name that is not a literal.</summary>
    ComputedName = 512,

    /// <summary>DO, CALL, EXECUTE, a dangerous function: audit.</summary>
    HiddenCode = 1024,
    Ddl = 2048,

    /// <summary>currval, lastval: what they answer is on the connection that moved the sequence.</summary>
    ReadsSequence = 4096,

    /// <summary>DEALLOCATE of the names in <see cref="SqlReading.Deallocated"/>.</summary>
    Deallocates = 8192,
    DiscardsAll = 16384,

    /// <summary>
    /// DEALLOCATE ALL, DISCARD ALL: the connection's statements of the protocol are gone too. (DISCARD PLANS leaves
    /// them, seen on PostgreSQL 15.)
    /// </summary>
    StatementsGone = 32768,

    /// <summary>CLOSE, UNLISTEN, an unlock, DROP, DISCARD TEMP: what pins may be gone.</summary>
    Frees = 65536,

    /// <summary>EXECUTE in SQL: what it names may be a statement of the protocol.</summary>
    Executes = 131072,
}
