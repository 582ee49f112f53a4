using System.Diagnostics;
using Weir.Core.Processes;
using Weir.Routing;

namespace Weir.Processes;

// One instance: its process tree, its life, and its place in the app's routing. Owner: the runner's loop; nobody else
// calls anything here. What takes long (the probe, the sweep behind it) runs beside and reports to that loop.

/// <summary>One running instance.</summary>
internal sealed class InstanceProcess : IDisposable
{
    /// <summary>What is left of a group when its leader has crashed: workers that notice by themselves.</summary>
    private static readonly TimeSpan SweepGrace = TimeSpan.FromSeconds(1);

    /// <summary>For the last lines of something that has ended: they are in the pipe.</summary>
    private static readonly TimeSpan OutputGrace = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _risen = new();
    private readonly InstanceLaunch _launch;

    private InstanceProcess(string name, ProcessType type, InstanceLaunch launch, ProcessGroup child, InstanceLife life)
    {
        (Name, Type, _launch, Child, Life) = (name, type, launch, child, life);
        Identity = LiveProcess.Identify(child.Id);
    }

    /// <summary>"web.1"; "web.1.old" once another has its name.</summary>
    public string Name { get; private set; }

    public ProcessType Type { get; }
    public ProcessGroup Child { get; }

    /// <summary>Its leader, beyond a number that may be used again.</summary>
    public ProcessIdentity Identity { get; }
    public InstanceLife Life { get; }
    public InstanceLaunch Launch => _launch;
    public InstanceOutput? Output { get; init; }
    public SlotFinding Slots { get; set; } = SlotFinding.Unknown;

    /// <summary>Where routing knows it; null while it takes no requests.</summary>
    public Instance? Routed { get; private set; }

    /// <summary>Where it listens; empty until it is ready.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Ports that it listened on when it was given up at the boot limit, or was last looked at.</summary>
    public IReadOnlyList<int> Ports { get; set; } = [];

    /// <summary>It listens where it was told to, which may be long before it accepts anybody there.</summary>
    public bool IsBound => Ports.Contains(Launch.Port);

    public long LookedAt { get; set; }
    public bool IsHinted { get; set; }
    public TreeFigures Figures { get; set; } = new();

    /// <summary>Requests after which it is renewed; 0 = no bound.</summary>
    public long RequestsMax { get; init; }

    public bool IsStuck { get; set; }

    /// <summary>Why it ended unasked; null where it did not.</summary>
    public BootFailure? Failure { get; set; }

    /// <summary>It has ended, and why is known.</summary>
    public bool IsSettled => Life.IsOver && (Failure is not null || !EndReasons.IsCrash(Life.Why));

    /// <summary>Faults of its requests when it was told to end.</summary>
    public long FaultsBefore { get; private set; }

    /// <exception cref="StartException">It cannot be started.</exception>
    public static InstanceProcess Start(
        string name, ProcessType type, InstanceLaunch launch, LifeLimits limits, StartParts parts, long now)
    {
        Child child;
        try
        {
            child = Processes.Child.Start(launch.Start);
        }
        catch (StartException)
        {
            launch.Claim?.Dispose();
            throw;
        }

        return new InstanceProcess(name, type, launch, child, new InstanceLife(limits, now))
        {
            Output = child.Pipe is { } pipe ? parts.Listen(type, name, pipe) : null,
            Slots = parts.Slots,
            RequestsMax = parts.RequestsMax,
        };
    }

    /// <summary>One that an earlier Weir started, and that serves already.</summary>
    public static InstanceProcess Adopt(
        string name, ProcessType type, InstanceLaunch launch, AdoptedChild child, LifeLimits limits, long now,
        SlotFinding slots) => new(name, type, launch, child, new InstanceLife(limits, now)) { Slots = slots };

    /// <summary>Asks until it is ready, then reports where it listens. Not at all where it ends before.</summary>
    public async Task ProbeAsync(string path, Action<string> ready)
    {
        var risen = _risen.Token;
        var probing = Task.Run(
            () => ReadyProbe.ReadyAsync(_launch, path, Child.Ended, risen), CancellationToken.None);
        var address = await probing.ConfigureAwait(false);
        if (address is not null)
            ready(address);
    }

    /// <summary>It is bound and answers, or has nothing to bind.</summary>
    public void BecomeReady(long now, string address)
    {
        if (Life.BecomeReady(now))
            Address = address;
        _risen.Cancel();
    }

    /// <summary>Into service.</summary>
    public void Join(App? app, int inFlightMax)
    {
        if (Type.IsRouted && app is not null)
            Routed = app.Add(Name, Address, Slots.IsAsync ? inFlightMax : Slots.Slots, Slots.IsAsync);
        Life.Serve();
    }

    /// <summary>Another has its name from now on.</summary>
    public void Rename(string name)
    {
        Name = name;
        if (Routed is not null)
            Routed.Name = name;
    }

    public void Stop(long now, EndReason why, App? app)
    {
        if (!Life.IsRising)
            return;
        FaultsBefore = Routed?.Faults ?? 0;
        Perform(Life.Stop(now, why), app);
    }

    /// <summary>What still runs there is not waited for.</summary>
    public void EndDrain(long now, App? app) => Perform(Life.BecomeIdle(now), app);

    /// <summary>Does what is due by now.</summary>
    public void Tick(long now, App? app)
    {
        if (Life.State == LifeState.Draining && (Routed is null || app!.IsQuiet(Routed)))
            Perform(Life.BecomeIdle(now), app);
        for (LifeAct act; (act = Life.Tick(now)).Kind != LifeActKind.None;)
            Perform(act, app);
    }

    /// <summary>Its leader has ended.</summary>
    public void End(int code, App? app)
    {
        Life.End(code);
        Leave(app);
        _risen.Cancel();
    }

    /// <summary>Ends all that it started and is still there, and gives back what was held for it.</summary>
    /// <param name="leaders">Of all living instances.</param>
    /// <param name="grace">What is left of the time that it was given to stop.</param>
    public async Task SweepAsync(IReadOnlySet<int> leaders, TimeSpan grace)
    {
        var since = Stopwatch.GetTimestamp();
        // A shell ends before what it stood around, which has been told to end by itself.
        if (!Type.KeepsShell || EndReasons.IsCrash(Life.Why))
            Child.SignalGroup(PosixCalls.SigTerminate);
        var limit = grace > SweepGrace ? grace : SweepGrace;
        while (!Child.IsGroupGone() && Stopwatch.GetElapsedTime(since) < limit)
            await Task.Delay(10).ConfigureAwait(false);

        Child.Kill();
        if (_launch.Mark.Length > 0)
            await Orphans.KillAsync(_launch.Mark, leaders).ConfigureAwait(false);
        if (Output is not null)
            await Task.WhenAny(Output.End, Task.Delay(OutputGrace)).ConfigureAwait(false);
        Dispose();
    }

    public void Dispose()
    {
        Output?.Dispose();
        Child.Dispose();
        if (_launch.SocketPath.Length > 0)
            SocketPaths.Remove(_launch.SocketPath);
        _launch.Claim?.Dispose();
        _risen.Dispose();
    }

    private void Perform(LifeAct act, App? app)
    {
        switch (act.Kind)
        {
            case LifeActKind.Drain when Routed is not null:
                app!.Drain(Routed);
                break;
            case LifeActKind.Signal:
                // Its kept connections go first, so that a server that waits for them does not.
                Leave(app);
                _risen.Cancel();
                Signal(act.Signal, act.IsLast);
                break;
            case LifeActKind.Kill:
                Child.Kill();
                break;
        }
    }

    /// <summary>
    /// To the leader; past a shell that stays before the server, to what the shell started, and to the shell only with
    /// the signal that is to end it.
    /// </summary>
    public void Signal(int number, bool isLast)
    {
        if (Type.KeepsShell)
        {
            foreach (var row in ProcessTable.Read().Rows.Where(row => row.Parent == Child.Id))
                _ = PosixCalls.Kill(row.Id, number);
        }

        if (isLast || !Type.KeepsShell)
            Child.Signal(number);
    }

    private void Leave(App? app)
    {
        if (Routed is { IsRemoved: false })
            app!.Remove(Routed);
    }
}
