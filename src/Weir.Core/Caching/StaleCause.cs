namespace Weir.Core.Caching;

/// <summary>Why one would rather serve a stale answer than wait for, or pass on, what the app does.</summary>
internal enum StaleCause : byte
{
    /// <summary>The app answered 500, 502, 503 or 504.</summary>
    Error,

    /// <summary>The app could not be reached or broke off before its head.</summary>
    Disconnected,

    /// <summary>The fill takes longer than its bound; it goes on behind.</summary>
    Slow,

    /// <summary>The predicted wait in the queue passes the policy's value.</summary>
    Busy,
}
