namespace Weir.Core.Pooling.Leasing;

/// <summary>The bounds of one pool. Times in microseconds.</summary>
internal sealed record LeaseLimits
{
    /// <summary>Server connections that are lent by turns.</summary>
    public int SizeMax { get; init; } = 20;

    /// <summary>Beyond <see cref="SizeMax"/>, for clients that have waited for <see cref="ReserveAfter"/>.</summary>
    public int ReserveMax { get; init; }

    /// <summary>5 s: PgBouncer's.</summary>
    public long ReserveAfter { get; init; } = 5_000_000;

    /// <summary>All that there may be, but for pinned ones.</summary>
    public int CountMax => SizeMax + ReserveMax;

    /// <summary>Kept open even when nobody asks.</summary>
    public int SizeMin { get; init; }

    /// <summary>Pinned connections beyond <see cref="SizeMax"/>.</summary>
    public int PinsMax { get; init; } = 20;

    /// <summary>
    /// Log-ins under way at once. 4: a burst of clients opens several, and a server that just started is not stormed.
    /// </summary>
    public int OpeningMax { get; init; } = 4;

    /// <summary>
    /// How long after a failed log-in the next is tried; doubled with each failure up to the maximum.
    /// </summary>
    public long RetryAfter { get; init; } = 100_000;

    /// <summary>1 s: a log-in a second is no burden, and a server that is back is found within one.</summary>
    public long RetryAfterMax { get; init; } = 1_000_000;
}
