using Weir.Core.Pooling.Catalogue;
using Weir.Core.Pooling.Sql;

namespace Weir.Fuzz;

/// <summary>Any source is read without a fault, and a dangerous statement is found behind a whole one.</summary>
internal static class FunctionSourceTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var alone = Read(data);
        if (Read([.. "begin execute a; "u8, .. data]) < Residue.ResettableWithStatements)
            throw new InvariantException("What stands behind hides it.");
        if (Read([.. data, .. "\n"u8]) < alone)
            throw new InvariantException("A blank takes something away.");
    }

    private static Residue Read(ReadOnlySpan<byte> source)
    {
        var reader = new CatalogueReader();
        reader.Row("f"u8, "fn"u8, "plpgsql "u8, source);
        return reader.Build().Of("fn"u8);
    }
}
