namespace Weir.Control;

/// <summary>An app's queue at one moment.</summary>
internal sealed record QueueSnapshot
{
    /// <summary>Requests that wait.</summary>
    public int Length { get; init; }

    /// <summary>queue.max-length.</summary>
    public int Limit { get; init; }

    /// <summary>How long the first has waited, in milliseconds.</summary>
    public double OldestMs { get; init; }

    /// <summary>Memory and spill that waiting requests hold.</summary>
    public long BytesHeld { get; init; }

    /// <summary>queue.max-wait, in milliseconds.</summary>
    public double MaxWaitMs { get; init; }
}
