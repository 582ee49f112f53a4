namespace Weir.Core.Processes;

/// <summary>Where an instance is in its life.</summary>
internal enum LifeState : byte
{
    /// <summary>Runs, and is not ready yet.</summary>
    Starting,

    /// <summary>Bound and, where asked for, 2xx on its path; waits for the rest of its set.</summary>
    Ready,

    /// <summary>Takes requests; a process type that takes none just runs.</summary>
    Serving,

    /// <summary>No new requests; what runs may finish.</summary>
    Draining,

    /// <summary>Was told to end.</summary>
    Stopping,
    Ended,
}
