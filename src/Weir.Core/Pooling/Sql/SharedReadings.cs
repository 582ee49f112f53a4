namespace Weir.Core.Pooling.Sql;

/// <summary>Readings without names that come again and again, made once: reading them allocates nothing.</summary>
internal static class SharedReadings
{
    /// <summary>Texts of more statements than this get a reading of their own.</summary>
    private const int StatementsMax = 8;

    private static readonly Touch[] Touches =
    [
        Touch.None, Touch.Sequence, Touch.Frees, Touch.ReadsSequence, Touch.HiddenCode, Touch.Ddl,
        Touch.Ddl | Touch.Frees, Touch.Lock, Touch.Temp | Touch.Ddl, Touch.Cursor, Touch.Sequence | Touch.ReadsSequence,
        Touch.HiddenCode | Touch.Executes,
    ];

    // Touch, residue, ends, statements: the index in that order.
    private static readonly SqlReading[] All = MakeAll();

    public static SqlReading Plain { get; } = Of(Residue.None, Touch.None, 1, false, null);

    public static SqlReading Of(Residue residue, Touch touch, int statements, bool endsTransaction, ReadingNames? names,
        bool copiesIn = false)
    {
        if (names is null && !copiesIn && statements <= StatementsMax)
        {
            for (var at = 0; at < Touches.Length; at++)
            {
                if (Touches[at] == touch)
                    return All[Index(at, residue, endsTransaction, statements)];
            }
        }

        return new SqlReading(residue, touch, statements, endsTransaction, names) { CopiesIn = copiesIn };
    }

    private static int Index(int touch, Residue residue, bool endsTransaction, int statements) =>
        ((touch * 8 + (byte)residue * 2 + (endsTransaction ? 1 : 0)) * (StatementsMax + 1)) + statements;

    private static SqlReading[] MakeAll()
    {
        var all = new SqlReading[Touches.Length * 8 * (StatementsMax + 1)];
        for (var touch = 0; touch < Touches.Length; touch++)
        {
            for (var residue = Residue.None; residue <= Residue.Lasting; residue++)
            {
                for (var statements = 0; statements <= StatementsMax; statements++)
                {
                    all[Index(touch, residue, false, statements)] = new(residue, Touches[touch], statements, false);
                    all[Index(touch, residue, true, statements)] = new(residue, Touches[touch], statements, true);
                }
            }
        }

        return all;
    }
}
