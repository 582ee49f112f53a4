namespace Weir.Spill;

/// <summary>Where bodies go that memory should not hold.</summary>
internal sealed record SpillOptions
{
    /// <summary>spill.directory; empty = /var/tmp/weir-UID, made 0700.</summary>
    public string Directory { get; init; } = "";

    /// <summary>
    /// spill.max: bytes of all spill files (503 past it). 0 = half of what is free on that disk at start, at most 16
    /// GiB.
    /// </summary>
    public long BytesMax { get; init; }

    /// <summary>spill.threads: 2 to 4; file writes never run on an I/O thread.</summary>
    public int Threads { get; init; } = 2;
}
