namespace Weir.Core.Caching.Shared;

/// <summary>
/// How long to wait before the next try to reach a server: doubling from the least to the most, less up to half of it
/// by chance, so that the nodes of a fleet do not come back as one.
/// </summary>
internal static class ReconnectPause
{
    /// <param name="failures">Tries in a row that failed, from 1.</param>
    /// <param name="chance">From 0 to 1.</param>
    /// <returns>Microseconds.</returns>
    public static long After(int failures, long least, long most, double chance)
    {
        var whole = failures > 30 ? most : Math.Min(most, least << (failures - 1));
        return whole - (long)(whole / 2 * chance);
    }
}
