namespace Weir.Wires;

// Listening sockets are watched by all threads, so that one which hangs keeps nobody out, and the kernel tells one that
// waits (EPOLLEXCLUSIVE). Where none waits it tells each in turn, and a thread that rests is told through its keeper: of
// one connection the keeper would hear twice, and look the second time for nobody (0.66 accepts in vain a connection of
// a single query, and a wait more). So while it rests it does not watch them.
//
// _lock guards the list and what the kernel knows of it.
internal sealed unsafe partial class IoThread
{
    private const uint Shared = Kernel.EpollIn | Kernel.EpollEdge | Kernel.EpollExclusive;

    private readonly List<SharedWatch> _shared = [];
    private bool _watchesShared = true;

    /// <summary>
    /// As <see cref="Watch"/>, of a listening socket that other threads watch too: the kernel wakes one that waits for
    /// news, and none that works. Not told of while this thread rests.
    /// </summary>
    /// <exception cref="IOException">The kernel has no room to watch one more.</exception>
    public long WatchShared(int descriptor, IWatcher watcher)
    {
        lock (_lock)
        {
            var watch = new SharedWatch(descriptor, watcher, Place_NeedsLock(watcher, isShared: true));
            if (_watchesShared && Control(Kernel.EpollAdd, descriptor, Shared, watch.Key) < 0)
            {
                Forget(watch.Key);
                throw new IOException($"epoll_ctl failed: error {Kernel.LastError}");
            }

            _shared.Add(watch);
            return watch.Key;
        }
    }

    /// <summary>
    /// Who connects does nothing but wait, in a program that mostly connects one client after the other; what else is
    /// new is mostly an answer for one of many, or somebody's end. Each descriptor has one event, so none overtakes
    /// another of its own.
    /// </summary>
    private void PutSharedFirst(byte* events, int count)
    {
        if (_shared.Count == 0)
            return;
        Span<byte> kept = stackalloc byte[EventBytes];
        var first = 0;
        for (var index = 0; index < count; index++)
        {
            if (!Volatile.Read(ref _watched)[(int)KeyOf(events, index)].IsShared)
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

    /// <summary>Takes a descriptor that lives on out of the kernel's list.</summary>
    public void Release(long key, int descriptor)
    {
        lock (_lock)
        {
            // Fails where it is not watched now.
            _ = Control(Kernel.EpollDelete, descriptor, events: 0, key);
            _shared.RemoveAll(watch => watch.Key == key);
            Forget(key);
        }
    }

    /// <summary>Its keeper is told of those who connect, as are all others that work.</summary>
    private void DropShared()
    {
        SharedWatch[] dropped;
        lock (_lock)
        {
            _watchesShared = false;
            foreach (var watch in _shared)
                _ = Control(Kernel.EpollDelete, watch.Descriptor, events: 0, watch.Key);
            dropped = [.. _shared];
        }

        // This thread alone may have been told of some, just before.
        foreach (var watch in dropped)
            watch.Watcher.OnEvents(Kernel.EpollIn);
    }

    /// <summary>Where the kernel has no room for it, others are told.</summary>
    private void TakeShared()
    {
        lock (_lock)
        {
            _watchesShared = true;
            foreach (var watch in _shared)
                _ = Control(Kernel.EpollAdd, watch.Descriptor, Shared, watch.Key);
        }
    }

    private readonly record struct SharedWatch(int Descriptor, IWatcher Watcher, long Key);
}
