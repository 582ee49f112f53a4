namespace Weir.Core.Processes;

/// <summary>
/// What a <c>weir run</c> writes down of its instances for the next one in the same folder. Nothing in it is secret: a
/// command line may be, so only its hash is here.
/// </summary>
internal sealed record RunRecord
{
    /// <summary>A record of another format is passed over.</summary>
    public const int FormatNow = 1;

    public int Format { get; init; } = FormatNow;

    /// <summary>The boot that the start ticks count from.</summary>
    public string Boot { get; init; } = "";
    public string Folder { get; init; } = "";
    public int WeirId { get; init; }

    /// <summary>run.adopt of that Weir: its instances were started to outlive it.</summary>
    public bool Adopts { get; init; }
    public IReadOnlyList<InstanceRecord> Instances { get; init; } = [];
}
