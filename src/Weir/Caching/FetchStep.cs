namespace Weir.Caching;

/// <summary>What the head of an app's answer means for the cache.</summary>
internal enum FetchStep : byte
{
    /// <summary>Not stored: it goes to its client alone.</summary>
    Pass,

    /// <summary>It goes to its client, and is kept as it comes.</summary>
    Keep,

    /// <summary>304 to Weir's own question: what is stored is good again, and goes to the client.</summary>
    Confirmed,

    /// <summary>An error, and what is stored stands in for it.</summary>
    StandIn,
}
