namespace Weir.Sim;

/// <summary>An instance: workers, and the requests that it took and nobody works on yet, in order.</summary>
internal sealed class SimInstance
{
    public int Busy { get; set; }

    public Queue<int> Waiting { get; } = new();
}
