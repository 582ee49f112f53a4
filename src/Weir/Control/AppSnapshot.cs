namespace Weir.Control;

/// <summary>One app at one moment.</summary>
internal sealed record AppSnapshot
{
    public string Name { get; init; } = "";
    public string Policy { get; init; } = "";
    public QueueSnapshot Queue { get; init; } = new();
    public IReadOnlyList<InstanceSnapshot> Instances { get; init; } = [];

    /// <summary>Instances that are being started and are not in service yet.</summary>
    public int Booting { get; init; }

    /// <summary>Its routes that are kept warm.</summary>
    public IReadOnlyList<WarmSnapshot> Warm { get; init; } = [];

    /// <summary>What the ledger has counted; the admin server fills it.</summary>
    public AppCounts Counts { get; init; } = new();

    /// <summary>One sentence where slots are stuck; null otherwise.</summary>
    public string? Stuck => StuckSlots.Sentence(Instances);
}
