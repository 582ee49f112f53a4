namespace Weir.Core.Processes;

// One instance's life. The owner tells what happened and when, and does what it is told.
//
//   Starting → Ready → Serving → Draining → Stopping → Ended
// Forward only; each of the first three may go to Stopping at once (nothing runs there that could be drained), and any
// to Ended. Why is set once: by who stopped it, else by its own end.

/// <summary>One instance from its start to its end.</summary>
/// <param name="startedAt">Microseconds, as every time here.</param>
internal sealed class InstanceLife(LifeLimits limits, long startedAt)
{
    private long _drainEnds = long.MaxValue;
    private long _stopBegan;
    private long _stopEnds = long.MaxValue;
    private int _signalsSent;
    private bool _isKilled;

    public LifeState State { get; private set; }

    /// <summary>None while nobody asked it to end and it has not.</summary>
    public EndReason Why { get; private set; }

    public long StartedAt { get; } = startedAt;

    /// <summary>How long it may take to get ready.</summary>
    public long BootMax => limits.BootMax;

    /// <summary>−1 until it is.</summary>
    public long ReadyAt { get; private set; } = -1;

    /// <summary>The leader's exit code, 128 + signal; −1 until it has ended.</summary>
    public int Code { get; private set; } = -1;

    /// <summary>It may still come into service, or is there.</summary>
    public bool IsRising => State <= LifeState.Serving;

    public bool IsOver => State == LifeState.Ended;

    /// <summary>What is left of the time to stop; 0 where it was not told to.</summary>
    public long StopLeft(long now) => _stopEnds == long.MaxValue ? 0 : Math.Max(0, _stopEnds - now);

    /// <summary>Time from ready to now, or to its end; 0 where it never was.</summary>
    public long ReadyFor(long now) => ReadyAt < 0 ? 0 : now - ReadyAt;

    /// <summary>It is bound and answers. True where it was awaited.</summary>
    public bool BecomeReady(long now)
    {
        if (State != LifeState.Starting)
            return false;
        State = LifeState.Ready;
        ReadyAt = now;
        return true;
    }

    /// <summary>It takes requests from now on.</summary>
    public void Serve()
    {
        if (State == LifeState.Ready)
            State = LifeState.Serving;
    }

    /// <summary>It is to end. Asked again, the first reason stays.</summary>
    public LifeAct Stop(long now, EndReason why)
    {
        if (!IsRising)
            return LifeAct.None;
        Why = why;
        if (State != LifeState.Serving)
            return BeginStopping(now);
        State = LifeState.Draining;
        _drainEnds = now + limits.DrainMax;
        return new LifeAct(LifeActKind.Drain);
    }

    /// <summary>Everything must be over by then: drain and grace are cut short where they would take longer.</summary>
    public void Hurry(long end)
    {
        _drainEnds = Math.Min(_drainEnds, end);
        _stopEnds = Math.Min(_stopEnds, end);
        HurriedTo = Math.Min(HurriedTo, end);
    }

    private long HurriedTo { get; set; } = long.MaxValue;

    /// <summary>Nothing runs there any more.</summary>
    public LifeAct BecomeIdle(long now) => State == LifeState.Draining ? BeginStopping(now) : LifeAct.None;

    /// <summary>What is due by now; to be asked again until it says None.</summary>
    public LifeAct Tick(long now)
    {
        switch (State)
        {
            case LifeState.Starting when now - StartedAt >= limits.BootMax:
                Why = EndReason.BootTimeout;
                return BeginStopping(now);
            case LifeState.Draining when now >= _drainEnds:
                return BeginStopping(now);
            case LifeState.Stopping:
                return ContinueStopping(now);
            default:
                return LifeAct.None;
        }
    }

    /// <summary>Its leader has ended.</summary>
    public void End(int code)
    {
        if (IsOver)
            return;
        Code = code;
        State = LifeState.Ended;
        if (Why == EndReason.None)
            Why = code == 0 ? EndReason.ExitedZero : EndReason.Crashed;
    }

    private LifeAct BeginStopping(long now)
    {
        State = LifeState.Stopping;
        _stopBegan = now;
        _stopEnds = Math.Min(now + limits.StopMax, HurriedTo);
        return ContinueStopping(now);
    }

    private LifeAct ContinueStopping(long now)
    {
        var signals = limits.StopSignals;
        // Each has an even share of the time: what "quiet" asks for first (TSTP) needs a while to be of use.
        if (_signalsSent < signals.Count
            && now >= _stopBegan + ((_stopEnds - _stopBegan) * _signalsSent / signals.Count))
        {
            return new LifeAct(LifeActKind.Signal, signals[_signalsSent++]) { IsLast = _signalsSent == signals.Count };
        }

        if (now < _stopEnds || _isKilled)
            return LifeAct.None;
        _isKilled = true;
        return new LifeAct(LifeActKind.Kill);
    }
}
