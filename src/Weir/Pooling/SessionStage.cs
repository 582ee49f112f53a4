namespace Weir.Pooling;

/// <summary>Where a client session is; see <see cref="ClientSession"/>.</summary>
internal enum SessionStage : byte
{
    Greeting,
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
