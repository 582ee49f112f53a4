using Weir.Core.Pooling.Catalogue;
using Weir.Core.Pooling.Sql;

namespace Weir.Fuzz;

/// <summary>
/// Any bytes are read without a fault. What stands behind a text can only add to what it leaves, unless the text is in
/// the middle of a literal or comment; and what is stripped of comments is read as the same.
/// </summary>
internal static class SqlTarget
{
    private static readonly CatalogueFacts Facts = MakeFacts();

    public static void FuzzReader(ReadOnlySpan<byte> data)
    {
        var reading = SqlReader.Read(data, Facts);
        if (reading.ResetNames.Except(reading.Names).Any())
            throw new InvariantException("A name is reset that was not touched.");
        var isNothing = (reading.Residue, reading.Touch) == (Residue.None, Touch.None);
        if (reading.IsEmpty && !isNothing && !reading.EndsTransaction)
            throw new InvariantException("Nothing leaves something.");
        if (SqlReader.Read(data, CatalogueFacts.Unknown).Residue < reading.Residue)
            throw new InvariantException("Knowing less, less is feared.");
        // In front of it stands a statement of its own, which takes nothing away.
        byte[] behind = [.. "LISTEN a;"u8, .. data];
        var both = SqlReader.Read(behind, Facts);
        if (both.Residue < Residue.Resettable || !both.Touch.HasFlag(Touch.Listen) || both.Residue < reading.Residue)
            throw new InvariantException("A statement before it hides what it leaves.");
        if ((both.Touch & reading.Touch) != reading.Touch)
            throw new InvariantException("A statement before it hides what it touches.");
        var joined = SqlReading.Join(reading, both);
        if (joined.Residue != both.Residue || joined.Touch != (both.Touch | reading.Touch))
            throw new InvariantException("Joined, they are less than each.");
        FuzzRepeated(data);
    }

    /// <summary>With another digit somewhere it is read as if the text before had not been.</summary>
    private static void FuzzRepeated(ReadOnlySpan<byte> data)
    {
        var repeated = new RepeatedText();
        var other = data.ToArray();
        var tries = 8;
        for (var index = 0; index < data.Length && tries > 0; index++)
        {
            if (!char.IsAsciiDigit((char)data[index]))
                continue;
            tries--;
            _ = repeated.Read(data, Facts);
            other[index] ^= 1;
            var (alone, after) = (SqlReader.Read(other, Facts), repeated.Read(other, Facts));
            if ((alone.Residue, alone.Touch, alone.Statements) != (after.Residue, after.Touch, after.Statements)
                || !alone.Names.SequenceEqual(after.Names) || alone.CopiesIn != after.CopiesIn)
                throw new InvariantException("Behind a text like it, it leaves something else.");
            other[index] = data[index];
        }
    }

    public static void FuzzText(ReadOnlySpan<byte> data)
    {
        var into = new byte[data.Length];
        var length = StatementText.Strip(data, into, out var comment);
        var stripped = into.AsSpan(0, length);
        _ = data[comment];
        if (!StatementText.HasComment(data) && !data[comment].IsEmpty)
            throw new InvariantException("There is a comment where there is none.");
        var again = new byte[length];
        if (!again.AsSpan(0, StatementText.Strip(stripped, again, out var other)).SequenceEqual(stripped))
            throw new InvariantException("Stripped again, it is another statement.");
        if (!data[comment].IsEmpty && !stripped[other].IsEmpty)
            throw new InvariantException("A comment is left.");
        var (before, after) = (SqlReader.Read(data, Facts), SqlReader.Read(stripped, Facts));
        if ((before.Residue, before.Touch, before.Statements) != (after.Residue, after.Touch, after.Statements)
            || !before.Names.SequenceEqual(after.Names))
            throw new InvariantException("Stripped, it leaves something else.");
    }

    private static CatalogueFacts MakeFacts()
    {
        var reader = new CatalogueReader();
        reader.Row("f"u8, "fn"u8, "plpgsql "u8, "begin perform set_config('x.y', a, false); end"u8);
        reader.Row("f"u8, "Fn"u8, "plpgsql "u8, "begin execute a; end"u8);
        return reader.Build();
    }
}
