namespace Weir.Control;

/// <summary>A slot that is not free, and what it works on.</summary>
internal sealed record SlotSnapshot
{
    public int Slot { get; init; }

    /// <summary>"leased", "stream" (leased to an event stream), "abandoned" or "lost".</summary>
    public string State { get; init; } = "leased";
    public string Method { get; init; } = "";

    /// <summary>Path without query: a query may hold secrets.</summary>
    public string Path { get; init; } = "";

    /// <summary>Since it was leased, in milliseconds.</summary>
    public double AgeMs { get; init; }
}
