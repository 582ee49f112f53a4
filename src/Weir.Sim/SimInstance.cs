namespace Weir.Sim;

/// <summary>An instance: workers, and the requests that it took and nobody works on yet, in order.</summary>
internal sealed class SimInstance(int index)
{
    public int Index { get; } = index;

    /// <summary>Workers at work.</summary>
    public int Busy { get; set; }

    public Queue<int> Waiting { get; } = new();

    /// <summary>Takes connections: false from its crash or end until it has booted.</summary>
    public bool IsUp { get; set; } = true;

    /// <summary>Finishes what it has and is then started anew.</summary>
    public bool IsRenewing { get; set; }

    /// <summary>Counts its lives, so that what was meant for an earlier one is known.</summary>
    public int Life { get; set; }

    /// <summary>When it came up last, microseconds.</summary>
    public long UpSince { get; set; }
}
