namespace Weir.Core.Pooling.Addresses;

/// <summary>The settings that PgBouncer 1.25 knows.</summary>
internal static class PgBouncerKeys
{
    public static IReadOnlyList<PgBouncerKey> All { get; } = [];
}
