namespace Weir.Core.Caching.Shared;

/// <summary>How much a server may send as one value. Beyond a limit the connection is given up.</summary>
internal sealed record RespLimits
{
    /// <summary>Bytes of one line; Redis' errors repeat at most 128 bytes of a command.</summary>
    public int LineBytesMax { get; init; } = 4 * 1024;

    /// <summary>Bytes of all bulks of one reply.</summary>
    public int BulkBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Values in one reply, those in others counted.</summary>
    public int ValuesMax { get; init; } = 8 * 1024;

    /// <summary>Values in values; EXEC's answers have two floors.</summary>
    public int DepthMax { get; init; } = 6;
}
