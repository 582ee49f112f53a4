namespace Weir.EndToEnd.Pooling.Leaks;

/// <summary>Something that a client does to its session.</summary>
/// <param name="Text">The SQL, for this session; empty where it cannot be done now.</param>
/// <param name="Effect">What the session has afterwards, where it worked.</param>
internal sealed record SessionAct(string Name, Func<SessionModel, string> Text, Action<SessionModel> Effect)
{
    /// <summary>A rollback does not take it back.</summary>
    public bool OutlivesRollback { get; init; }

    /// <summary>Not allowed within a transaction, or not to be told what it means there.</summary>
    public bool IsAlone { get; init; }

    /// <summary>
    /// Answers f while another session has what it asks for: one that has just ended may, until its server connection
    /// is reset, as PostgreSQL's own do until their process ends.
    /// </summary>
    public bool IsTry { get; init; }

    public override string ToString() => Name;
}
