using System.Runtime.InteropServices;

namespace Weir.Wires;

// What is watched. Each has a place with a generation, both in the event's data, with the thread's number at its
// keeper: an event that was fetched before its descriptor was closed, or moved to another epoll, finds another
// generation and is dropped. What is moved is reported anew by the epoll that it comes to, if there is news.
//
// Listening sockets are watched by all threads, so that one which hangs keeps nobody out, and the kernel tells one that
// waits (EPOLLEXCLUSIVE).
//
// _lock guards all of it, and what the kernel knows of it; the places are read without.
internal sealed unsafe partial class IoThread
{
    private const uint Received = Kernel.EpollIn | Kernel.EpollReadHangUp | Kernel.EpollEdge;
    private const uint Shared = Kernel.EpollIn | Kernel.EpollEdge | Kernel.EpollExclusive;
    private const int GenerationMask = 0xFF_FFFF;

    private readonly Lock _lock = new();
    private readonly Stack<int> _free = new();

    /// <summary>Which of its keeper's guests it is, from 1; 0: it has none.</summary>
    private readonly int _number;
    private Watched[] _watched = new Watched[64];
    private int _count;
    private int _sharedCount;

    /// <summary>About how much it watches now: wires, and listening sockets. Read without the lock.</summary>
    public int Watching => _count - _free.Count;

    /// <summary>How much it has begun to watch so far. Read without the lock.</summary>
    public long Opened { get; private set; }

    /// <summary>
    /// Begins to report what a descriptor receives: edges only. The place that it returns is for Forget.
    /// </summary>
    /// <param name="alsoRoom">And that it can be sent on; a socket that connects tells its end so.</param>
    /// <exception cref="IOException">The kernel has no room to watch one more.</exception>
    public int Watch(int descriptor, IWatcher watcher, bool alsoRoom = false) =>
        Add(descriptor, watcher, Received | (alsoRoom ? Kernel.EpollOut : 0));

    /// <summary>
    /// As <see cref="Watch"/>, of a listening socket that other threads watch too: the kernel wakes one that waits for
    /// news, and none that works. Not told of while this thread rests.
    /// </summary>
    /// <exception cref="IOException">The kernel has no room to watch one more.</exception>
    public int WatchShared(int descriptor, IWatcher watcher) => Add(descriptor, watcher, Shared);

    /// <summary>
    /// Reports from now on that there is room to send, too; also if there is now. Most connections are never full, and
    /// each of their events would tell of it. False: it cannot be watched.
    /// </summary>
    public bool WatchRoom(int place)
    {
        lock (_lock)
        {
            ref var watched = ref _watched[place];
            if (watched.Watcher is null)
                return false;
            watched.Events |= Kernel.EpollOut;
            return Control_NeedsLock(EpollOf(watched.IsAway), Kernel.EpollModify, place);
        }
    }

    /// <summary>Reports no more of it. The descriptor's close takes it out of the kernel's list.</summary>
    public void Forget(int place)
    {
        lock (_lock)
            Forget_NeedsLock(place);
    }

    /// <summary>Takes a descriptor that lives on out of the kernel's list.</summary>
    public void Release(int place)
    {
        lock (_lock)
        {
            // Fails where it is not watched now. Of a listening socket the keeper has a watch of its own.
            ref var watched = ref _watched[place];
            _ = Control_NeedsLock(EpollOf(watched is { IsAway: true, IsShared: false }), Kernel.EpollDelete, place);
            Forget_NeedsLock(place);
        }
    }

    private int Add(int descriptor, IWatcher watcher, uint events)
    {
        lock (_lock)
        {
            var place = Place_NeedsLock();
            ref var watched = ref _watched[place];
            watched.Generation++;
            watched.Descriptor = descriptor;
            watched.Events = events;
            watched.IsAway = _isAway;
            watched.Watcher = watcher;
            _sharedCount += watched.IsShared ? 1 : 0;
            Opened++;
            if ((watched.IsShared && _isAway) || Control_NeedsLock(EpollOf(_isAway), Kernel.EpollAdd, place))
                return place;
            var error = Kernel.LastError;
            Forget_NeedsLock(place);
            throw new IOException($"epoll_ctl failed: error {error}");
        }
    }

    private int Place_NeedsLock()
    {
        if (_free.TryPop(out var place))
            return place;
        if (_count == _watched.Length)
        {
            var grown = new Watched[_count * 2];
            Array.Copy(_watched, grown, _count);
            Volatile.Write(ref _watched, grown);
        }

        return _count++;
    }

    private void Forget_NeedsLock(int place)
    {
        ref var watched = ref _watched[place];
        _sharedCount -= watched.IsShared ? 1 : 0;
        watched.Watcher = null;
        watched.Generation++;
        _free.Push(place);
    }

    private bool Control_NeedsLock(int epoll, int action, int place)
    {
        ref var watched = ref _watched[place];
        var happening = stackalloc byte[16];
        MemoryMarshal.Write(new Span<byte>(happening, 4), watched.Events);
        var data = (uint)place | (long)_number << 32 | (long)watched.Generation << 40;
        MemoryMarshal.Write(new Span<byte>(happening + DataOffset, 8), data);
        return Kernel.EpollControl(epoll, action, watched.Descriptor, happening) >= 0;
    }

    private static int PlaceOf(long data) => (int)data;

    private static int NumberOf(long data) => (int)(data >> 32) & 0xFF;

    /// <summary>It is not about what has been forgotten, or moved.</summary>
    private bool IsOfNow(long data) =>
        ((Volatile.Read(ref _watched)[PlaceOf(data)].Generation ^ (int)(data >>> 40)) & GenerationMask) == 0;

    /// <summary>
    /// Who connects does nothing but wait, in a program that mostly connects one client after the other; what else is
    /// new is mostly an answer for one of many, or somebody's end. Each descriptor has one event, so none overtakes
    /// another of its own.
    /// </summary>
    private void PutSharedFirst(byte* events, int count)
    {
        if (_sharedCount == 0)
            return;
        Span<byte> kept = stackalloc byte[EventBytes];
        var watched = Volatile.Read(ref _watched);
        var first = 0;
        for (var index = 0; index < count; index++)
        {
            var data = DataOf(events, index);
            if (NumberOf(data) != _number || !watched[PlaceOf(data)].IsShared)
                continue;
            if (index != first)
            {
                Event(events, first).CopyTo(kept);
                Event(events, index).CopyTo(Event(events, first));
                kept.CopyTo(Event(events, index));
            }

            first++;
        }
    }

    private struct Watched
    {
        public IWatcher? Watcher;
        public int Generation;
        public int Descriptor;
        public uint Events;

        /// <summary>In the keeper's epoll; of a listening socket: in none.</summary>
        public bool IsAway;

        public readonly bool IsShared => (Events & Kernel.EpollExclusive) != 0;
    }
}
