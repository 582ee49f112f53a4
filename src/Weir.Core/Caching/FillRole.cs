namespace Weir.Core.Caching;

/// <summary>One request's part in the fill of a key.</summary>
internal enum FillRole : byte
{
    /// <summary>None, or none any more.</summary>
    None,

    /// <summary>It asks the app, for itself and for the followers.</summary>
    Fetcher,

    /// <summary>It waits for the fetcher's answer head and holds nothing.</summary>
    Follower,

    /// <summary>The fetcher's answer is for it too, and is read as it comes.</summary>
    Reader,

    /// <summary>Goes on by itself: an answer of this key could not be stored, a little while ago.</summary>
    HitForMiss,

    /// <summary>Goes on by itself, or is served stale, or shed: as many wait as may.</summary>
    Crowded,

    /// <summary>Goes on by itself: it waited, and the answer could not be stored.</summary>
    Released,

    /// <summary>Is served stale, or goes on by itself: it waited, and the fetcher's answer was an error.</summary>
    Failed,

    /// <summary>Goes on by itself: it waited for as long as it may.</summary>
    WaitedOut,

    /// <summary>It was the fetcher and too slow: another is now. It goes on by itself.</summary>
    Replaced,
}
