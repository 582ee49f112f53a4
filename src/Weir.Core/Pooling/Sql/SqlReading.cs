namespace Weir.Core.Pooling.Sql;

/// <summary>What one text (a Query, a Parse) may do to the session, as far as its words tell. Immutable.</summary>
public sealed class SqlReading
{
    private static readonly IReadOnlyList<string> NoNames = [];

    internal SqlReading(Residue residue, Touch touch, int statements, bool endsTransaction, ReadingNames? names = null)
    {
        Residue = residue;
        Touch = touch;
        Statements = statements;
        EndsTransaction = endsTransaction;
        Names = names?.Touched ?? NoNames;
        ResetNames = names?.Reset ?? NoNames;
        PreparedNames = names?.Prepared ?? NoNames;
        Deallocated = names?.Deallocated ?? NoNames;
    }

    /// <summary>One statement that leaves nothing.</summary>
    public static SqlReading Plain => SharedReadings.Plain;

    /// <summary>Of code that nobody here has read.</summary>
    public static SqlReading Hidden { get; } = new(Residue.ResettableWithStatements, Touch.HiddenCode, 1, false);

    public Residue Residue { get; }

    public Touch Touch { get; }

    /// <summary>
    /// Settings touched, each once, lower case, "role" and "session_authorization" included. Those of
    /// <see cref="ResetNames"/> are among them.
    /// </summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Of <see cref="Names"/>, those whose last change is RESET, or SET … TO DEFAULT.</summary>
    public IReadOnlyList<string> ResetNames { get; }

    /// <summary>Names after PREPARE, as the server knows them.</summary>
    public IReadOnlyList<string> PreparedNames { get; }

    /// <summary>
    /// Names after DEALLOCATE, as the server knows them. They may be the client's statements of the protocol, since
    /// both share one name space.
    /// </summary>
    public IReadOnlyList<string> Deallocated { get; }

    /// <summary>A sequence, the schema or a pin may have changed, but nothing that a client's state holds.</summary>
    public bool DoesNothingToState =>
        (Touch & ~(Touch.Sequence | Touch.ReadsSequence | Touch.Ddl | Touch.Frees)) == Touch.None;

    /// <summary>A COPY FROM is, or may be, among the statements: the server may ask for data.</summary>
    public bool CopiesIn { get; init; }

    /// <summary>Blanks, comments and semicolons only.</summary>
    public bool IsEmpty => Statements == 0;

    /// <summary>Statements between semicolons, as far as was read.</summary>
    public int Statements { get; }

    /// <summary>
    /// COMMIT, ROLLBACK and their like are, or may be, among the statements: a failed transaction does not stop what
    /// follows them. (<c>StateBatch</c> ends the connection rather than rely on that.)
    /// </summary>
    public bool EndsTransaction { get; }

    /// <summary>What a transaction of both, one after the other, may have done.</summary>
    public static SqlReading Join(SqlReading earlier, SqlReading later)
    {
        if (ReferenceEquals(earlier, later) || later.IsEmpty)
            return earlier;
        if (earlier.IsEmpty)
            return later;
        ReadingNames? names = null;
        if (HasNames(earlier) || HasNames(later))
        {
            names = new ReadingNames();
            names.Take(earlier);
            names.Take(later);
        }

        // Its size does not matter for what a transaction did, and a long one would outgrow the shared readings.
        return SharedReadings.Of(
            (Residue)Math.Max((byte)earlier.Residue, (byte)later.Residue), earlier.Touch | later.Touch, 1,
            earlier.EndsTransaction || later.EndsTransaction, names);
    }

    private static bool HasNames(SqlReading reading) =>
        reading.Names.Count + reading.PreparedNames.Count + reading.Deallocated.Count > 0;
}
