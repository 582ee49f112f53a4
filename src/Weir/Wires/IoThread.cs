using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Weir.Beat;

namespace Weir.Wires;

// One thread that waits for many descriptors (epoll, edge-triggered), and runs what their news wakes.
//
// Why not the runtime's socket engine: it tries each receive before it waits, which for a proxy is a wasted call into
// the kernel twice a request, and its inline completions are a switch for the whole process, so that a callback of
// anybody's could hold up requests. Here only wires run (docs/decisions/0002).
//
// What is watched has a place (IoThread.Watches.cs). A thread may rest: then another takes its news along with its own
// (IoThread.Rest.cs). Of one IoThread's wires news are told by one thread at a time, which holds _turn.

/// <summary>One I/O thread of the front door.</summary>
internal sealed unsafe partial class IoThread
{
    private const int EventsMax = 256;

    // Linux packs the structure on x86-64 only.
    private static readonly int EventBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventBytes - 8;

    [ThreadStatic]
    private static IoThread? t_current;

    /// <summary>A round of 256 events takes a few milliseconds; one that takes far more hangs.</summary>
    private const long StalledAfterMicros = 100_000;

    /// <summary>Held while news of its wires are told, where it has a keeper that may tell them, too.</summary>
    private readonly Lock _turn = new();
    private readonly SendRound _sends = new(SendRound.UsesRings);
    private readonly int _epoll;
    private long _busySince;
    private long _slowest;

    /// <param name="keeper">Takes its news while it rests, as from the start; null: it never does.</param>
    public IoThread(int index, IoThread? keeper = null)
    {
        Index = index;
        _keeper = keeper;
        _rests = keeper is not null;
        _epoll = Kernel.EpollCreate(0x80000);
        if (_epoll < 0)
            throw new IOException($"epoll_create1 failed: error {Kernel.LastError}");
        _number = keeper?.TakeIn(this) ?? 0;
        new Thread(Run) { IsBackground = true, Name = $"weir io {index}" }.Start();
    }

    /// <summary>Its place among all.</summary>
    public int Index { get; }

    /// <summary>The I/O thread that runs this code; null on any other thread.</summary>
    public static IoThread? Current => t_current;

    /// <summary>When the round of news that runs now began; 0 while it waits for news.</summary>
    public long BusySince => Volatile.Read(ref _busySince);

    /// <summary>
    /// The longest that one round of news took since this was asked last, in microseconds; one that goes on counts.
    /// </summary>
    public long TakeSlowest(long now)
    {
        var since = Volatile.Read(ref _busySince);
        var slowest = Interlocked.Exchange(ref _slowest, 0);
        return since == 0 ? slowest : Math.Max(slowest, now - since);
    }

    /// <summary>
    /// True while its present round of news takes so long that nothing new should depend on it. Never of the thread
    /// that asks: its round goes on.
    /// </summary>
    public bool IsStalled(long now)
    {
        var since = Volatile.Read(ref _busySince);
        return (since != 0 && now - since > StalledAfterMicros && t_current != this)
            || (IsResting && _keeper!.IsStalled(now));
    }

    /// <summary>What it sends in one round goes out in one call.</summary>
    public bool HasRing => _sends.HasRing;

    /// <summary>For another thread, where its round hangs: what it has kept to be sent goes.</summary>
    public void SendKept() => _sends.FlushUnlessHeld();

    private void Run()
    {
        t_current = this;
        Volatile.Write(ref _processorClock, Kernel.ClockOf(Kernel.ThreadId()));
        var events = (byte*)NativeMemory.AllocZeroed((nuint)(EventsMax * 16));
        while (true)
        {
            if (IsResting)
                Rest();
            Round(events, Wait(events));
        }
    }

    private int Wait(byte* events)
    {
        var count = Kernel.EpollWaitOn(_epoll, events, EventsMax);
        if (count >= 0)
            return count;
        // Mostly a signal; what is no passing fault is one again.
        count = Kernel.EpollWait(_epoll, events, EventsMax, 0);
        if (count < 0 && Kernel.LastError != Kernel.EIntr)
            Environment.FailFast($"weir: epoll_wait failed: error {Kernel.LastError}");
        return count;
    }

    /// <summary>Tells what has come.</summary>
    private void Round(byte* events, int count)
    {
        // The news of one that has no keeper are told by its own thread alone.
        if (_keeper is null)
        {
            Round_NeedsTurn(events, count);
            return;
        }

        lock (_turn)
            Round_NeedsTurn(events, count);
    }

    private void Round_NeedsTurn(byte* events, int count)
    {
        var began = Clock.Now;
        Volatile.Write(ref _busySince, began);
        // Of one event there is little to gather: its peer may as well begin while the rest is seen to.
        var begins = count > 1 && _sends.TryBegin();
        if (count > 1)
            PutSharedFirst(events, count);
        for (var index = 0; index < count; index++)
            Tell(BinaryPrimitives.ReadUInt32LittleEndian(Event(events, index)), DataOf(events, index));

        if (begins)
            _sends.End();
        var took = Clock.Now - began;
        if (took > Volatile.Read(ref _slowest))
            Interlocked.Exchange(ref _slowest, took);
        Volatile.Write(ref _busySince, 0);
    }

    private static Span<byte> Event(byte* events, int index) => new(events + index * EventBytes, EventBytes);

    private static long DataOf(byte* events, int index) =>
        BinaryPrimitives.ReadInt64LittleEndian(Event(events, index)[DataOffset..]);

    private void Tell(uint events, long data)
    {
        if (NumberOf(data) == _number)
            TellOwn(events, data);
        else
            _guests[NumberOf(data) - 1].TellAsGuest(events, data);
    }

    private void TellOwn(uint events, long data)
    {
        if (!IsOfNow(data))
            return;
        var watcher = Volatile.Read(ref _watched)[PlaceOf(data)].Watcher;
        // Nearly all are wires, and one kind needs no look into a table of who implements what.
        if (watcher is SocketWire wire)
            wire.OnEvents(events);
        else
            watcher?.OnEvents(events);
    }
}
