using Weir.Core.Routing;

namespace Weir.Sim;

/// <summary>What one run came to. Times in microseconds.</summary>
internal sealed class SimResult
{
    private readonly long[] _lost = new long[Enum.GetValues<ShedReason>().Length];

    /// <summary>Arrived within the window that is counted, those that their clients asked again included.</summary>
    public long Requests { get; set; }

    /// <summary>From arrival to the beginning of the worker that answered, of those that were answered.</summary>
    public TimeHistogram Wait { get; } = new();

    /// <summary>From arrival to the last byte, of those that were answered.</summary>
    public TimeHistogram Response { get; } = new();

    /// <summary>Instances that answered requests were offered to, those that refused included.</summary>
    public long Tries { get; private set; }

    /// <summary>Not answered in time (H12).</summary>
    public long TimedOut { get; private set; }

    /// <summary>Their clients went away first.</summary>
    public long GaveUp { get; private set; }

    /// <summary>Times that clients asked again.</summary>
    public long Retries { get; set; }

    /// <summary>Most workers at work at once.</summary>
    public int BusyMost { get; set; }

    /// <summary>Worker time within the window.</summary>
    public double BusyMicros { get; set; }

    public long Slots { get; set; }
    public long Window { get; set; }

    /// <summary>Steps of routers.</summary>
    public long Steps { get; set; }

    /// <summary>Share of all worker time that was worked.</summary>
    public double Utilization => Slots * Window == 0 ? 0 : BusyMicros / ((double)Slots * Window);

    /// <summary>Refused or not answered in time.</summary>
    public long Lost
    {
        get
        {
            var lost = TimedOut;
            foreach (var count in _lost)
                lost += count;
            return lost;
        }
    }

    public long LostFor(ShedReason reason) => _lost[(int)reason];

    public void Count(ExchangeEnd end, ShedReason reason, in SimRequest request, long now)
    {
        switch (end)
        {
            case ExchangeEnd.Answered:
                Wait.Add(request.Started - request.Arrived);
                Response.Add(now - request.Arrived);
                Tries += request.Tries;
                break;
            case ExchangeEnd.Shed:
                _lost[(int)reason]++;
                break;
            case ExchangeEnd.TimedOut:
                TimedOut++;
                break;
            default:
                GaveUp++;
                break;
        }
    }
}
