namespace Weir.Caching.Shared;

/// <summary>What the shared tier tells people.</summary>
internal enum SharedMessage : byte
{
    /// <summary>The store can be used; also after a time without.</summary>
    Connected,

    /// <summary>It cannot, and why; once until the next Connected, or when the reason is another.</summary>
    Lost,

    /// <summary>The server has no RESP3: purges of other nodes are known by the poll alone.</summary>
    NoMessages,

    /// <summary>The store had no count of purges, or one that went back; a new one was begun.</summary>
    EraBegun,

    /// <summary>Purges could not be known; everything here counts as stale.</summary>
    EverythingPurged,
}
