namespace Weir.Core.Caching;

/// <summary>
/// What decides whether a stored answer may be used: all of it numbers, so that a look needs no head. Times are unix
/// milliseconds, spans milliseconds.
/// </summary>
/// <param name="BornAt">
/// When the answer would have been made had it no age: response time less corrected initial age (RFC 9111 section
/// 4.2.3).
/// </param>
/// <param name="StoredAt">When the answer (or the 304 that confirmed it) came.</param>
/// <param name="Lifetime">For how long from <paramref name="BornAt"/> it is fresh; 0 or more.</param>
/// <param name="StaleWhileRevalidate">How long past that it may be served while refreshed; −1: not said.</param>
/// <param name="StaleIfError">How long past that it may stand in for an error; −1: not said.</param>
internal readonly record struct StoredFigures(
    long BornAt, long StoredAt, long Lifetime, long StaleWhileRevalidate, long StaleIfError, StoredFlags Flags)
{
    /// <summary>Current age (RFC 9111 section 4.2.3); never negative.</summary>
    public long AgeAt(long now) => Math.Max(0, now - BornAt);

    /// <summary>Freshness left; negative where stale.</summary>
    public long LeftAt(long now) => Lifetime - AgeAt(now);

    public bool Is(StoredFlags flag) => (Flags & flag) != 0;
}
