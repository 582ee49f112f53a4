namespace Weir.Sim.Recordings;

/// <summary>What a record of a recording is; below <see cref="Snapshot"/> it is a routing event of that kind.</summary>
internal enum RecordKind : byte
{
    /// <summary>The router's whole state: the first record of each app.</summary>
    Snapshot = 0x40,

    /// <summary>Other options from here on.</summary>
    Options,

    /// <summary>An exchange ended.</summary>
    Ended,

    /// <summary>A route gets its number.</summary>
    Route,

    /// <summary>All commands so far, in one number.</summary>
    Checkpoint,

    /// <summary>Nothing more comes of this app, and why.</summary>
    End,
}
