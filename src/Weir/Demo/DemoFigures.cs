namespace Weir.Demo;

/// <summary>One line of the load's output: both sides at one moment.</summary>
internal sealed record DemoFigures
{
    /// <summary>Seconds since the first request.</summary>
    public double Seconds { get; init; }
    public SideFigures Direct { get; init; } = new();
    public SideFigures Through { get; init; } = new();
}
