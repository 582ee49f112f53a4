namespace Weir.Caching;

/// <summary>The words of how exchanges met the cache: in log, metrics and status.</summary>
internal static class CacheResults
{
    private static readonly string[] Words =
        [.. Enum.GetNames<CacheResult>().Select(name => name.ToLowerInvariant())];

    private static readonly byte[][] Bytes = [.. Words.Select(System.Text.Encoding.ASCII.GetBytes)];

    public static string Word(this CacheResult result) => Words[(int)result];

    public static ReadOnlySpan<byte> WordBytes(this CacheResult result) => Bytes[(int)result];
}
