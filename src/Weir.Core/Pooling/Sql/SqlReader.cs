using Weir.Core.Pooling.Catalogue;

namespace Weir.Core.Pooling.Sql;

/// <summary>
/// Reads a text for what it may do to the session. Safety does not rest on it: it is right where the text is plain,
/// and where it is not sure, the reading says more than the text does.
/// </summary>
public static class SqlReader
{
    /// <summary>What is read of a text at most: 64 KiB. A longer one leaves at least what hidden code may.</summary>
    public const int BytesMax = 65536;

    /// <param name="text">A text as it came, in any client encoding of PostgreSQL, without the last zero byte.</param>
    /// <param name="facts">What the database's functions are known to do.</param>
    public static SqlReading Read(ReadOnlySpan<byte> text, CatalogueFacts facts)
    {
        if (text.Length > BytesMax)
            return ReadLong(text, facts);
        var scan = new StatementScan(text, facts, backslashEscapes: false);
        scan.Read();
        if (scan.HasBackslash | scan.IsUnclear | scan.IsUnterminated)
            return ReadUnsure(text, facts, scan);
        return SharedReadings.Of(scan.Residue, scan.Touch, scan.Statements, scan.EndsTransaction, scan.Names,
            scan.CopiesIn);
    }

    /// <summary>
    /// Where standard_conforming_strings is off, backslashes in plain literals put their ends elsewhere. We cannot know
    /// for sure whether it is off at this message, so the text leaves what either reading tells.
    /// </summary>
    private static SqlReading ReadUnsure(ReadOnlySpan<byte> text, CatalogueFacts facts, in StatementScan scan)
    {
        var (residue, touch) = (scan.Residue, scan.Touch);
        var other = new StatementScan(text, facts, backslashEscapes: true);
        other.Read();
        if (other.Residue > residue)
            residue = other.Residue;
        touch |= other.Touch;
        var names = Join(scan.Names, other.Names);
        var isUnsure = scan.IsUnclear || other.IsUnclear || scan.IsUnterminated;
        if (isUnsure && residue < Residue.ResettableWithStatements)
            residue = Residue.ResettableWithStatements;
        if (isUnsure && LastingWords.Mentions(text))
            residue = Residue.Lasting;
        if (scan.IsUnterminated && other.IsUnterminated)
            touch |= Touch.HiddenCode;
        return SharedReadings.Of(
            residue, touch, Math.Max(scan.Statements, other.Statements),
            isUnsure || scan.EndsTransaction || other.EndsTransaction, names,
            isUnsure || scan.CopiesIn || other.CopiesIn);
    }

    private static SqlReading ReadLong(ReadOnlySpan<byte> text, CatalogueFacts facts)
    {
        var start = Read(text[..BytesMax], facts);
        var (residue, touch) = (start.Residue, start.Touch | Touch.HiddenCode);
        if (residue < Residue.ResettableWithStatements)
            residue = Residue.ResettableWithStatements;
        // From within the last literal that was read to its bound, so a word across the bound is found.
        if (LastingWords.Mentions(text[(BytesMax - 16)..]))
            (residue, touch) = (Residue.Lasting, touch | Touch.Lasting);
        return SharedReadings.Of(residue, touch, Math.Max(start.Statements, 1), true, Join(Names(start), null),
            copiesIn: true);
    }

    private static ReadingNames? Names(SqlReading reading)
    {
        var names = new ReadingNames();
        names.Take(reading);
        return names;
    }

    private static ReadingNames? Join(ReadingNames? names, ReadingNames? others)
    {
        if (names is null || others is null)
            return names ?? others;
        foreach (var name in others.Touched)
        {
            // Reset only where both say so.
            if (!names.Touched.Contains(name) && others.Reset.Contains(name))
                names.SetBack(name);
            else if (!others.Reset.Contains(name))
                names.Set(name);
        }

        foreach (var name in others.Prepared)
            ReadingNames.AddOnce(names.Prepared, name);
        foreach (var name in others.Deallocated)
            ReadingNames.AddOnce(names.Deallocated, name);
        return names;
    }
}
