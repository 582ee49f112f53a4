using Weir.Processes;
using Weir.Wires;

namespace Weir.Verbs;

/// <summary>
/// Tells the service manager that Weir lives, twice in the time that it gives, while all threads that carry requests
/// do: the heartbeat calls, and each I/O thread came back from its last round of news.
/// </summary>
internal sealed class Watchdog(House house, Supervisor supervisor)
{
    private readonly long _every = supervisor.WatchdogMicros / 2;
    private long _toldAt;

    public void Start()
    {
        if (_every > 0)
            house.Rooms.Heartbeat.EveryTick(Tick);
    }

    private void Tick(long now)
    {
        if (now - _toldAt < _every || !AreAlive(now))
            return;
        _toldAt = now;
        supervisor.Alive();
    }

    /// <summary>A round that lasts as long as the watchdog's whole patience is a thread that hangs.</summary>
    private bool AreAlive(long now)
    {
        foreach (var thread in IoThreads.All)
        {
            if (thread.BusySince is var since && since != 0 && now - since > _every)
                return false;
        }

        return true;
    }
}
