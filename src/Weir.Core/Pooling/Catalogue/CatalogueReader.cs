namespace Weir.Core.Pooling.Catalogue;

/// <summary>Takes the rows of <see cref="CatalogueFacts.Query"/> and makes the facts of them.</summary>
public sealed class CatalogueReader
{
    private int _rows;

    /// <summary>One row, its columns as they came; a null column is an empty span.</summary>
    public void Row(
        ReadOnlySpan<byte> kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> detail, ReadOnlySpan<byte> source)
    {
        _rows++;
    }

    /// <summary>All rows are taken.</summary>
    public CatalogueFacts Build() => _rows < 0 ? new CatalogueFacts([], Sql.Residue.None, []) : CatalogueFacts.Unknown;
}
