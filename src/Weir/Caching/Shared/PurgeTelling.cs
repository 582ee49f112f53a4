namespace Weir.Caching.Shared;

/// <summary>How far the news of a purge has come when its maker is answered.</summary>
internal enum PurgeTelling
{
    /// <summary>It is in the shared store: every node that reaches it knows within the poll's time.</summary>
    Told,

    /// <summary>The store does not answer; it is told as soon as it does.</summary>
    Waiting,

    /// <summary>The selector is longer than one may be; nothing was done.</summary>
    TooLong,
}
