namespace Weir.Core.Processes;

/// <summary>Why an instance ended, or is being ended.</summary>
internal enum EndReason : byte
{
    None,

    /// <summary>It ended by itself, with a code other than 0 or by a signal.</summary>
    Crashed,

    /// <summary>It ended by itself with code 0: a server has no reason to, so that it is a crash too.</summary>
    ExitedZero,

    /// <summary>Not ready within app.boot-timeout.</summary>
    BootTimeout,

    /// <summary>Recycled: over instance.memory-max.</summary>
    Memory,

    /// <summary>Recycled: it has served instance.requests-max.</summary>
    Requests,

    /// <summary>Recycled: a slot of it hung longer than slot.stuck-after.</summary>
    Stuck,

    /// <summary>Replaced by a restart.</summary>
    Restart,

    /// <summary>Of a new set that was given up: another of it failed.</summary>
    SetFailed,

    /// <summary>Fewer are wanted.</summary>
    ScaledDown,

    /// <summary>Somebody asked for it by name; it stays down until scaled or restarted.</summary>
    Drained,

    /// <summary>Weir ends.</summary>
    Shutdown,
}
