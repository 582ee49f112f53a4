namespace Weir.Core.Routing;

/// <summary>Why a request gets no (further) lease.</summary>
internal enum ShedReason : byte
{
    None,

    /// <summary>The queue holds queue.max-length requests.</summary>
    QueueFull,

    /// <summary>Waiting requests hold queue.max-bytes of memory.</summary>
    QueueMemory,

    /// <summary>Its client holds queue.client-share of the queue already.</summary>
    QueueShare,

    /// <summary>Waited queue.max-wait.</summary>
    QueueTimeout,

    /// <summary>The app has no instance at all.</summary>
    NoInstance,

    /// <summary>Waited queue.boot-wait for an instance that boots.</summary>
    BootTimeout,

    /// <summary>Every instance refused, for 75 s or for as long as the queue allows.</summary>
    AllRefused,

    /// <summary>Tried as often as is allowed; the last failure was a refusal.</summary>
    TriesRefused,

    /// <summary>Tried as often as is allowed; the last failure was a connect time-out.</summary>
    TriesTimedOut,

    /// <summary>Bytes were sent and another try is not allowed (method, budget, or tries).</summary>
    RetryNotAllowed,

    /// <summary>Every instance has upgrades.max tunnels.</summary>
    UpgradesFull,

    /// <summary>Weir is going down.</summary>
    Closing,
}
