namespace Weir.Core.Pooling.Addresses;

/// <summary>One setting of [pgbouncer].</summary>
/// <param name="Default">Null where there is none: SHOW CONFIG shows it empty.</param>
/// <param name="IsChangeable">By RELOAD or SET, while it runs.</param>
internal sealed record PgBouncerKey(string Name, string? Default, bool IsChangeable);
