namespace Weir.Pooling;

/// <summary>Where a client session is; see <see cref="ClientSession"/>.</summary>
internal enum SessionStage : byte
{
    Greeting,

    /// <summary>It came to cancel another's query, and waits until that was seen to.</summary>
    Cancelling,
    Securing,
    Proving,
    Preparing,
    Ready,
    Waiting,
    Linked,

    /// <summary>It speaks with the console: it has no pool.</summary>
    Console,
    Leaving,
    Closed,
}
