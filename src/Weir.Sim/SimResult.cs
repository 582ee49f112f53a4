using Weir.Core.Routing;

namespace Weir.Sim;

/// <summary>What one run came to. Times in microseconds.</summary>
internal sealed class SimResult
{
    private readonly long[] _lost = new long[Enum.GetValues<ShedReason>().Length];

    /// <summary>Arrived within the window that is counted.</summary>
    public long Requests { get; set; }

    /// <summary>From arrival to a worker's beginning, of those that got one.</summary>
    public TimeHistogram Wait { get; } = new();

    /// <summary>From arrival to the last byte, of those that got a worker.</summary>
    public TimeHistogram Response { get; } = new();

    /// <summary>Instances that requests were offered to, those that refused included.</summary>
    public long Tries { get; set; }

    /// <summary>Worker time within the window.</summary>
    public double BusyMicros { get; set; }

    public long Slots { get; set; }
    public long Window { get; set; }

    /// <summary>Steps of routers.</summary>
    public long Steps { get; set; }

    /// <summary>Share of all worker time that was worked.</summary>
    public double Utilization => Slots * Window == 0 ? 0 : BusyMicros / ((double)Slots * Window);

    public long Lost => _lost.Sum();

    public void Lose(ShedReason reason) => _lost[(int)reason]++;

    public long LostFor(ShedReason reason) => _lost[(int)reason];
}
