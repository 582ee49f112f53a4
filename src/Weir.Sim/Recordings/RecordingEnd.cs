namespace Weir.Sim.Recordings;

/// <summary>Why a recording ends.</summary>
internal enum RecordingEnd : byte
{
    /// <summary>No end was written: Weir was killed, or still records.</summary>
    Open,

    /// <summary>Weir ended.</summary>
    Stopped,

    /// <summary>The disk was slower than the traffic.</summary>
    DiskBehind,

    /// <summary>It reached record.max.</summary>
    Full,

    /// <summary>The disk refused it.</summary>
    DiskFailed,
}
