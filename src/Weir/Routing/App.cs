using System.Collections.Concurrent;
using Weir.Beat;
using Weir.Core.Routing;
using Weir.Recording;
using Weir.Sim.Recordings;

namespace Weir.Routing;

// One routed app, live: the pure router under one lock, and the carrying out of its commands after the lock is left.
//
// `now` is taken under the lock, so the router's clock never goes back. Each thread has a command buffer of its own;
// Deliver only writes to an exchange and wakes it, and a wake never runs an exchange inside another (Driven), so
// carrying out commands never comes back here on the same stack, except from threads that drive nothing, which is why
// the buffer is taken off its thread while it is in use.

/// <summary>One routed app: options, instances, and the way to its queue.</summary>
internal sealed class App
{
    [ThreadStatic]
    private static CommandBuffer? t_commands;

    private readonly Lock _lock = new();
    private readonly AppRouter _router = new();
    private readonly TicketBook _tickets;
    private readonly ConcurrentDictionary<(int Instance, int Slot), (string, string)> _left = new();
    private readonly Lock _seating = new();
    private AppOptions _options;
    private Instance[] _seats;
    private long _timerAt = long.MaxValue;
    private AppRecorder? _recorder;

    public App(AppOptions options, TicketBook tickets)
    {
        _options = options;
        _tickets = tickets;
        _router.Options = options.Routing;
        _seats = new Instance[options.To.Count];
        for (var index = 0; index < _seats.Length; index++)
        {
            _seats[index] = Instance.Read(
                index, $"{options.Name}.{index + 1}", options.To[index], 1, options.InFlightMax);
        }
    }

    /// <summary>What is in force now; a reload puts others in its place.</summary>
    public AppOptions Options => Volatile.Read(ref _options);
    public string Name => Options.Name;

    /// <summary>
    /// True once an answer of this app could be stored. Until then nothing is looked up, and nobody waits for another's
    /// answer: for an app that shares nothing the cache costs nothing, and delays nobody.
    /// </summary>
    public bool SharesAnswers
    {
        get => Volatile.Read(ref _sharesAnswers);
        set => Volatile.Write(ref _sharesAnswers, value);
    }

    private bool _sharesAnswers;

    /// <summary>
    /// Takes commands to those they are for, in place of a plain call: for tests that hold them up and mix them.
    /// </summary>
    public Action<ILeaseHolder, RoutingCommand>? Courier { get; set; }

    /// <summary>Those that serve or drain, in the order of their numbers; a copy, safe from any thread.</summary>
    public Instance[] Instances => Array.FindAll(_seats, instance => !instance.IsRemoved);

    /// <summary>The instance that a lease names.</summary>
    public Instance At(int index) => Volatile.Read(ref _seats)[index];

    /// <summary>Puts every instance into service.</summary>
    public void Open()
    {
        foreach (var instance in Instances)
            Up(instance);
    }

    /// <summary>
    /// A new instance, in service at once. Its number may be one that a removed instance had, once nothing runs there.
    /// </summary>
    /// <param name="slots">Or, where it has no workers, the bound on requests in flight.</param>
    public Instance Add(string name, string address, int slots, bool isAsync)
    {
        Instance instance;
        lock (_seating)
        {
            var index = Array.FindIndex(_seats, seat => seat.IsRemoved && IsIdle(seat));
            if (index < 0)
                index = _seats.Length;
            instance = new Instance(index, name, address, slots, isAsync);
            var seats = _seats;
            if (index == seats.Length)
                Array.Resize(ref seats, index + 1);
            else
                seats = [.. seats];
            seats[index] = instance;
            Volatile.Write(ref _seats, seats);
        }

        Up(instance);
        return instance;
    }

    /// <summary>What it has was found to be another number.</summary>
    public void Resize(Instance instance, int slots)
    {
        instance.Slots = slots;
        Up(instance);
    }

    /// <summary>No new leases; what runs there may finish.</summary>
    public void Drain(Instance instance) =>
        Step(new RoutingEvent { Kind = RoutingEventKind.InstanceDraining, Instance = instance.Index });

    /// <summary>It is gone; leases that are still out end by their own events.</summary>
    public void Remove(Instance instance)
    {
        Step(new RoutingEvent { Kind = RoutingEventKind.InstanceDown, Instance = instance.Index });
        instance.IsRemoved = true;
        instance.CloseIdle(long.MaxValue);
    }

    /// <summary>True while nothing runs there: no lease, no abandoned work, no tunnel.</summary>
    public bool IsIdle(Instance instance) => Look(router =>
    {
        if (instance.Index >= router.InstanceCount)
            return true;
        var view = router.Instance(instance.Index);
        return view.Leased + view.Abandoned + view.Lost + view.Tunnels + view.Uncounted == 0;
    });

    /// <summary>
    /// So many instances are being started (or will be shortly: a crash's back-off) and are not in service yet. While
    /// there are any and none is in service, requests wait queue.boot-wait, and their queue.max-wait begins with the
    /// first instance. To be told anew at each change, after <see cref="Add"/>; 0: nobody is to be waited for.
    /// </summary>
    public void SetBooting(int count) => Step(new RoutingEvent { Kind = RoutingEventKind.Booting, Count = count });

    public bool IsDraining(Instance instance) => Look(router =>
        instance.Index < router.InstanceCount && router.Instance(instance.Index).IsDraining);

    /// <summary>
    /// As IsIdle, but what was declared lost is not waited for: it has not answered for a minute and may never.
    /// </summary>
    public bool IsQuiet(Instance instance) => Look(router =>
    {
        if (instance.Index >= router.InstanceCount)
            return true;
        var view = router.Instance(instance.Index);
        return view.Leased + view.Abandoned + view.Tunnels + view.Uncounted == 0;
    });

    /// <summary>Told of an instance whose app has not answered for longer than slot.stuck-after. Any thread.</summary>
    public Action<Instance>? WhenStuck { get; set; }

    public void Up(Instance instance) => Step(new RoutingEvent
    {
        Kind = RoutingEventKind.InstanceUp,
        Instance = instance.Index,
        Count = instance.Slots,
        Backlog = Options.Backlog,
    });

    /// <summary>What the exchange asked for that left this slot working; empty where none did.</summary>
    public (string Method, string Path) LeftAt(int instance, int slot) =>
        _left.TryGetValue((instance, slot), out var asked) ? asked : ("", "");

    public void Left(int instance, int slot, (string Method, string Path) asked) => _left[(instance, slot)] = asked;

    public void Step(in RoutingEvent happened) => Step(happened, -1, out _);

    /// <summary>
    /// One step of the router. A command for <paramref name="self"/> comes back here instead of by Deliver.
    /// </summary>
    /// <returns>True if <paramref name="own"/> was set.</returns>
    public bool Step(in RoutingEvent happened, int self, out RoutingCommand own)
    {
        var commands = t_commands ?? new CommandBuffer();
        t_commands = null;
        commands.Clear();
        lock (_lock)
        {
            var now = Clock.Now;
            _router.Step(now, happened, commands);
            _recorder?.Stepped_NeedsLock(now, happened, commands);
            SetTimer_NeedsLock(commands);
        }

        var found = false;
        own = default;
        for (var index = 0; index < commands.Count; index++)
        {
            ref readonly var command = ref commands[index];
            if (command.Kind == RoutingCommandKind.SetTimer)
                continue;
            if (command.Ticket == self)
            {
                own = command;
                found = true;
            }
            else
            {
                Deliver(_tickets.Of(command.Ticket), command);
            }
        }

        t_commands = commands;
        return found;
    }

    private void Deliver(ILeaseHolder? holder, in RoutingCommand command)
    {
        if (holder is null)
            return;
        if (Courier is null)
            holder.Deliver(command);
        else
            Courier(holder, command);
    }

    // Of two steps the later one's timer counts, so it is set in the order of the steps.
    private void SetTimer_NeedsLock(CommandBuffer commands)
    {
        for (var index = 0; index < commands.Count; index++)
        {
            if (commands[index].Kind == RoutingCommandKind.SetTimer)
                Volatile.Write(ref _timerAt, commands[index].At);
        }
    }

    /// <summary>Looks at the router's under its lock: for status, which must not be a moving target.</summary>
    public T Look<T>(Func<AppRouter, T> look)
    {
        lock (_lock)
            return look(_router);
    }

    public bool MayOpenStream()
    {
        lock (_lock)
            return _router.MayOpenStream;
    }

    /// <summary>Changes options while running; what waits is looked at anew.</summary>
    public void Configure(Func<RoutingOptions, RoutingOptions> change)
    {
        lock (_lock)
        {
            _router.Options = change(_router.Options);
            _recorder?.Changed_NeedsLock(Clock.Now, _router.Options);
        }

        Step(new RoutingEvent { Kind = RoutingEventKind.ConfigChanged });
    }

    /// <summary>From now on every step is recorded.</summary>
    public void Record(RecordingFile file)
    {
        lock (_lock)
            _recorder = new AppRecorder(file, Name, Clock.Now, _router);
    }

    public bool IsRecording => _recorder is not null;

    /// <summary>An exchange of this app ended.</summary>
    public void RecordEnd(in EndedRecord ended, ReadOnlySpan<byte> method, ReadOnlySpan<byte> path)
    {
        lock (_lock)
            _recorder?.Ended_NeedsLock(Clock.Now, ended, method, path);
    }

    /// <summary>Gives the disk what is recorded so far, or, at the end, all.</summary>
    public void FlushRecord(bool isEnd)
    {
        if (_recorder is null)
            return;
        lock (_lock)
        {
            if (isEnd)
                _recorder.End_NeedsLock(Clock.Now);
            else
                _recorder.Flush_NeedsLock(Clock.Now);
        }
    }

    /// <summary>
    /// Other options for the same app, from now on. Its instances are not touched: see <see cref="InstanceChange"/>.
    /// </summary>
    public void Adopt(AppOptions next)
    {
        Volatile.Write(ref _options, next);
        // A bypass is an act and not an option: it outlives a reload.
        Configure(routing => next.Routing with { SlotsBypassed = routing.SlotsBypassed });
    }

    /// <summary>The heartbeat's call: fires the router's timer when it is due.</summary>
    public void Tick(long now)
    {
        if (now < Volatile.Read(ref _timerAt))
            return;
        Volatile.Write(ref _timerAt, long.MaxValue);
        Step(new RoutingEvent { Kind = RoutingEventKind.TimerFired });
    }
}
