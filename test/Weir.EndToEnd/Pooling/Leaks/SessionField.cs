namespace Weir.EndToEnd.Pooling.Leaks;

/// <summary>What a session may carry, as it sees it of itself. Lists are sorted, with commas.</summary>
internal enum SessionField
{
    WorkMemory,
    TimeZone,
    SearchPath,
    StatementTimeout,
    ReadOnly,
    Encoding,
    Application,
    Word,
    Secret,
    Role,
    SessionUser,
    CurrentUser,
    Temporary,
    Channels,
    Locks,
    Prepared,
    Cursors,
    Library,

    /// <summary>Names of all settings changed by SQL, apart from those that the other fields show and from those that
    /// a pooler may replay.</summary>
    OtherSettings,
}
