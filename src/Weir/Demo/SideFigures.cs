namespace Weir.Demo;

/// <summary>What ordinary clients met on one side until now.</summary>
internal sealed record SideFigures
{
    public Wait Median { get; init; }
    public Wait P95 { get; init; }
    public int Answered { get; init; }
    public int Waiting { get; init; }

    /// <summary>Gave up after <see cref="OrdinaryClients.Patience"/>, or were refused.</summary>
    public int Failed { get; init; }
}
