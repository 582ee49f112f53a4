namespace Weir.Core.Pooling.Catalogue;

internal static class CatalogueQuery
{
    public static ReadOnlySpan<byte> Text => "SELECT 1"u8;
}
