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
// A registration is a place in _watched with a generation, both in the event's data: an event that was fetched before
// its descriptor was closed finds another generation and is dropped.
//
// A thread may rest (IoThread.Rest.cs): then another takes its news along with its own, in rounds of the same kind. A
// round is run by one thread at a time, which holds _turn.

/// <summary>One I/O thread of the front door.</summary>
internal sealed unsafe partial class IoThread
{
    private const int EventsMax = 256;
    private const uint Received = Kernel.EpollIn | Kernel.EpollReadHangUp | Kernel.EpollEdge;

    // Linux packs the structure on x86-64 only.
    private static readonly int EventBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventBytes - 8;

    [ThreadStatic]
    private static IoThread? t_current;

    /// <summary>A round of 256 events takes a few milliseconds; one that takes far more hangs.</summary>
    private const long StalledAfterMicros = 100_000;

    private readonly Lock _lock = new();

    /// <summary>Held for a round.</summary>
    private readonly Lock _turn = new();
    private readonly SendRound _sends = new(SendRound.UsesRings);
    private readonly Stack<int> _free = new();
    private readonly int _epoll;
    private Watched[] _watched = new Watched[64];
    private int _count;
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
        new Thread(Run) { IsBackground = true, Name = $"weir io {index}" }.Start();
    }

    /// <summary>Its place among all.</summary>
    public int Index { get; }

    /// <summary>About how much it watches now: wires, and listening sockets. Read without the lock.</summary>
    public int Watching => _count - _free.Count;

    /// <summary>How much it has begun to watch so far. Read without the lock.</summary>
    public long Opened { get; private set; }

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

    /// <summary>Begins to report what a descriptor receives: edges only. The key is for Forget.</summary>
    /// <param name="alsoRoom">And that it can be sent on; a socket that connects tells its end so.</param>
    /// <exception cref="IOException">The kernel has no room to watch one more.</exception>
    public long Watch(int descriptor, IWatcher watcher, bool alsoRoom = false) =>
        Add(descriptor, watcher, Received | (alsoRoom ? Kernel.EpollOut : 0));

    /// <summary>
    /// Reports from now on that there is room to send, too; also if there is now. Most connections are never full, and
    /// each of their events would tell of it. False: it cannot be watched.
    /// </summary>
    public bool WatchRoom(int descriptor, long key) =>
        Control(Kernel.EpollModify, descriptor, Received | Kernel.EpollOut, key) >= 0;

    private int Control(int action, int descriptor, uint events, long key)
    {
        var happening = stackalloc byte[16];
        MemoryMarshal.Write(new Span<byte>(happening, 4), events);
        MemoryMarshal.Write(new Span<byte>(happening + DataOffset, 8), key);
        return Kernel.EpollControl(_epoll, action, descriptor, happening);
    }

    private long Add(int descriptor, IWatcher watcher, uint events) =>
        TryAdd(descriptor, watcher, events, out var key) ? key
            : throw new IOException($"epoll_ctl failed: error {Kernel.LastError}");

    private bool TryAdd(int descriptor, IWatcher watcher, uint events, out long key)
    {
        lock (_lock)
            key = Place_NeedsLock(watcher);
        if (Control(Kernel.EpollAdd, descriptor, events, key) >= 0)
            return true;
        Forget(key);
        return false;
    }

    private long Place_NeedsLock(IWatcher watcher, bool isShared = false)
    {
        if (!_free.TryPop(out var place))
        {
            place = _count++;
            if (place == _watched.Length)
            {
                var grown = new Watched[_count * 2];
                Array.Copy(_watched, grown, place);
                Volatile.Write(ref _watched, grown);
            }
        }

        Opened++;
        ref var watched = ref _watched[place];
        watched.Generation++;
        watched.Watcher = watcher;
        watched.IsShared = isShared;
        return (uint)place | (long)watched.Generation << 32;
    }

    /// <summary>Reports no more of it. The descriptor's close takes it out of the kernel's list.</summary>
    public void Forget(long key)
    {
        lock (_lock)
        {
            var place = (int)key;
            _watched[place].Watcher = null;
            _watched[place].Generation++;
            _free.Push(place);
        }
    }

    private void Run()
    {
        t_current = this;
        Volatile.Write(ref _processorClock, Kernel.ClockOf(Kernel.ThreadId()));
        var events = (byte*)NativeMemory.AllocZeroed((nuint)(EventsMax * 16));
        while (true)
        {
            if (IsResting)
                Rest();
            var count = Kernel.EpollWait(_epoll, events, EventsMax, -1);
            if (count < 0 && Kernel.LastError != Kernel.EIntr)
                Environment.FailFast($"weir: epoll_wait failed: error {Kernel.LastError}");
            Round(events, count);
        }
    }

    /// <summary>Tells what has come.</summary>
    private void Round(byte* events, int count)
    {
        lock (_turn)
        {
            var runs = t_current;
            t_current = this;
            var began = Clock.Now;
            Volatile.Write(ref _busySince, began);
            // Of one event there is little to gather: its peer may as well begin while the rest is seen to.
            var begins = count > 1 && _sends.TryBegin();
            if (count > 1)
                PutSharedFirst(events, count);
            for (var index = 0; index < count; index++)
                Tell(BinaryPrimitives.ReadUInt32LittleEndian(Event(events, index)), KeyOf(events, index));

            if (begins)
                _sends.End();
            var took = Clock.Now - began;
            if (took > Volatile.Read(ref _slowest))
                Interlocked.Exchange(ref _slowest, took);
            Volatile.Write(ref _busySince, 0);
            t_current = runs;
        }
    }

    private static Span<byte> Event(byte* events, int index) => new(events + index * EventBytes, EventBytes);

    private static long KeyOf(byte* events, int index) =>
        BinaryPrimitives.ReadInt64LittleEndian(Event(events, index)[DataOffset..]);

    private void Tell(uint events, long key)
    {
        var watched = Volatile.Read(ref _watched);
        ref var one = ref watched[(int)key];
        var watcher = one.Watcher;
        if (watcher is not null && one.Generation == (int)(key >> 32))
            watcher.OnEvents(events);
    }

    private struct Watched
    {
        public IWatcher? Watcher;
        public int Generation;
        public bool IsShared;
    }
}
