namespace Weir.Wires;

// Few threads carry as much as many with less work: each wake of a thread costs a switch of the processor, and one that
// is busy finds several messages at each. So threads beyond the first rest until they are needed.
//
//  1. Told to rest, a thread does so after its next round: its keeper watches its epoll, as one more descriptor.
//  2. The keeper runs its rounds, on the keeper's thread. All that says which thread a wire belongs to stays as it is.
//     Listening sockets its keeper watches itself (IoThread.Shared.cs).
//  3. Told to work, it takes its epoll back. A round that the keeper is in is waited for (_turn); events that both have
//     fetched are told one after the other.
internal sealed unsafe partial class IoThread
{
    private readonly IoThread? _keeper;
    private readonly object _call = new();
    private bool _rests;
    private int _processorClock;

    /// <summary>Its keeper has its news, or will after its next round.</summary>
    public bool IsResting => Volatile.Read(ref _rests);

    /// <summary>Of one that has a keeper; by one thread at a time.</summary>
    public void SetResting(bool rests)
    {
        if (_keeper is null || IsResting == rests)
            return;
        lock (_call)
        {
            Volatile.Write(ref _rests, rests);
            Monitor.Pulse(_call);
        }
    }

    /// <summary>Processor time that its thread has taken so far, in microseconds; 0 before it runs.</summary>
    /// <exception cref="IOException">The kernel does not tell.</exception>
    public long ProcessorMicros()
    {
        var clock = Volatile.Read(ref _processorClock);
        if (clock == 0)
            return 0;
        var time = stackalloc long[2];
        return Kernel.GetTime(clock, time) == 0 ? time[0] * 1_000_000 + time[1] / 1000
            : throw new IOException($"clock_gettime of an I/O thread failed: error {Kernel.LastError}");
    }

    private void Rest()
    {
        if (!_keeper!.TryAdd(_epoll, new Guest(this), Kernel.EpollIn | Kernel.EpollEdge, out var key))
        {
            // The kernel has no room for one more: it works on, and is told to rest again.
            SetResting(false);
            return;
        }

        DropShared();
        lock (_call)
        {
            while (IsResting)
                Monitor.Wait(_call);
        }

        TakeShared();
        _keeper.Release(key, _epoll);
    }

    /// <summary>What the keeper is told of: the other's epoll has news.</summary>
    private sealed class Guest(IoThread thread) : IWatcher
    {
        // The keeper's own events are still being told; its stack would be zeroed at every call.
        private readonly byte[] _news = GC.AllocateUninitializedArray<byte>(EventsMax * 16, pinned: true);

        public void OnEvents(uint events)
        {
            fixed (byte* news = _news)
            {
                int count;
                do
                {
                    count = Kernel.EpollWait(thread._epoll, news, EventsMax, 0);
                    if (count > 0)
                        thread.Round(news, count);
                }
                while (count == EventsMax);
            }
        }
    }
}
