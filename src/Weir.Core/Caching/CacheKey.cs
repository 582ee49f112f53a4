namespace Weir.Core.Caching;

/// <summary>
/// Where what lies in a written key: <c>scheme://host/path?query</c>, then what policy adds, each behind a zero byte.
/// Offsets count from the key's first byte.
/// </summary>
/// <param name="Length">Bytes of the whole key.</param>
/// <param name="HostStart">The host with its port where that is not the scheme's own; lower case.</param>
/// <param name="PathStart">The path, up to the query or the URL's end; begins with a slash.</param>
/// <param name="UrlLength">Bytes of the URL, query included: what a purge by URL names.</param>
/// <param name="IsNormal">
/// True if path and query stand in the key as they came. Where not, only plain successes are stored: an app that sends
/// odd spellings elsewhere would else have its redirect served for the plain one.
/// </param>
internal readonly record struct CacheKey(
    int Length, int HostStart, int HostLength, int PathStart, int PathLength, int UrlLength, bool IsNormal)
{
    /// <summary>The URL without its query.</summary>
    public ReadOnlySpan<byte> Page(ReadOnlySpan<byte> key) => key[..(PathStart + PathLength)];
}
