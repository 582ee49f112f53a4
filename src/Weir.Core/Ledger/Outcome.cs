namespace Weir.Core.Ledger;

/// <summary>How an exchange ended, named stage × party. Outcomes gives each its code, status and words.</summary>
internal enum Outcome : byte
{
    /// <summary>The app answered and the client has all of it.</summary>
    Answered,

    /// <summary>Weir answered by itself, as asked (health path, OPTIONS with Max-Forwards 0).</summary>
    AnsweredHere,

    /// <summary>A connection became a tunnel, and the tunnel ended.</summary>
    TunnelEnded,

    // Intake.
    RefusedByGate,
    HeadTimeout,
    BodyTooLarge,
    BodyTimeout,
    BodyBudgetClient,
    BodyBudgetTotal,
    SpillFailed,
    ClientGoneReceiving,
    NoSuchApp,
    LoopDetected,

    // Queue.
    QueueFull,
    QueueMemory,
    QueueShare,
    QueueTimeout,
    NoInstance,
    BootTimeout,
    AllRefused,
    UpgradesFull,
    StreamsFull,
    ClientGoneQueued,
    Closing,

    // Upstream.
    ConnectRefused,
    ConnectTimeout,
    ClosedWithoutResponse,
    FirstByteTimeout,
    AppIdle,
    AppInterrupted,
    AppMalformed,
    AppRestriction,
    ClientGoneWaiting,

    // Outflow.
    ClientGoneSending,
    ClientIdle,
    ForcedClose,

    /// <summary>A fault of Weir's own.</summary>
    Bug,
}
