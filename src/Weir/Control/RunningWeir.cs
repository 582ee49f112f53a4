namespace Weir.Control;

/// <summary>A running Weir, as it wrote itself down for the verbs to find.</summary>
internal sealed record RunningWeir
{
    public int Pid { get; init; }
    public DateTimeOffset Started { get; init; }

    /// <summary>Its unix socket.</summary>
    public string Socket { get; init; } = "";

    /// <summary>"127.0.0.1:9900"; empty where it has none.</summary>
    public string Admin { get; init; } = "";

    /// <summary>A pooler without a front door.</summary>
    public bool IsPool { get; init; }
}
