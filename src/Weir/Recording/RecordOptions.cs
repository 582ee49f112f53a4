namespace Weir.Recording;

/// <summary>What is recorded for <c>weir simulate --replay</c>.</summary>
internal sealed record RecordOptions
{
    /// <summary>record; empty = nothing is.</summary>
    public string File { get; init; } = "";

    /// <summary>record.max: then the recording ends. 1 GiB: some 20 million requests.</summary>
    public long BytesMax { get; init; } = 1L << 30;
}
