namespace Weir.Wires;

// Few threads carry as much as many with less work: each wake of a thread costs a switch of the processor, and one that
// is busy finds several messages at each. So threads beyond the first rest until they are needed.
//
//  1. Told to rest, a thread does so after its next round: its watches move to its keeper's epoll, and it waits. Only
//     listening sockets do not move: the keeper watches them itself.
//  2. The keeper tells its guest's news in its own rounds, on its own thread. All that says which thread a wire belongs
//     to stays as it is.
//  3. Told to work, it takes its watches back. What the keeper is telling just then is waited for (_turn); what it has
//     fetched and not told is of an older generation, and is dropped: the thread's own epoll reports it anew.
//
// A watch that cannot be moved stays where it is, and is told from there. (The guest's epoll as one descriptor in its
// keeper's, which needs no moving, cost a call more for each event.)
internal sealed unsafe partial class IoThread
{
    /// <summary>Moved under one hold of the lock: a fraction of a millisecond.</summary>
    private const int MovedAtOnce = 256;

    private readonly IoThread? _keeper;
    private readonly object _call = new();
    private IoThread[] _guests = [];
    private bool _rests;

    /// <summary>New watches go to the keeper's epoll.</summary>
    private bool _isAway;
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

    /// <summary>The guest's number here.</summary>
    private int TakeIn(IoThread guest)
    {
        lock (_lock)
        {
            Volatile.Write(ref _guests, [.. _guests, guest]);
            return _guests.Length;
        }
    }

    private void Rest()
    {
        if (!MoveAll(away: true))
        {
            // The kernel has no room for one more: it works on, and is told to rest again.
            MoveAll(away: false);
            SetResting(false);
            return;
        }

        AcceptOnce();
        lock (_call)
        {
            while (IsResting)
                Monitor.Wait(_call);
        }

        MoveAll(away: false);
    }

    /// <summary>This thread alone may have been told of some who connect, just before.</summary>
    private void AcceptOnce()
    {
        var acceptors = new List<IWatcher>();
        lock (_lock)
        {
            foreach (ref var watched in _watched.AsSpan(0, _count))
            {
                if (watched is { IsShared: true, Watcher: { } acceptor })
                    acceptors.Add(acceptor);
            }
        }

        acceptors.ForEach(acceptor => acceptor.OnEvents(Kernel.EpollIn));
    }

    /// <summary>False: some could not be moved.</summary>
    private bool MoveAll(bool away)
    {
        var place = 0;
        var all = true;
        while (true)
        {
            lock (_lock)
            {
                _isAway = away;
                for (var end = Math.Min(place + MovedAtOnce, _count); place < end; place++)
                    all &= TryMove_NeedsLock(place, away);
                if (place == _count)
                    return all;
            }
        }
    }

    private bool TryMove_NeedsLock(int place, bool away)
    {
        ref var watched = ref _watched[place];
        if (watched.Watcher is null || watched.IsAway == away)
            return true;
        if (watched.IsShared)
        {
            watched.IsAway = away;
            return Control_NeedsLock(_epoll, away ? Kernel.EpollDelete : Kernel.EpollAdd, place) || away;
        }

        var (from, to) = (EpollOf(watched.IsAway), EpollOf(away));
        watched.Generation++;
        if (Control_NeedsLock(to, Kernel.EpollAdd, place))
        {
            watched.IsAway = away;
            return Control_NeedsLock(from, Kernel.EpollDelete, place);
        }

        // It stays; what came of it meanwhile is reported again.
        _ = Control_NeedsLock(from, Kernel.EpollModify, place);
        return false;
    }

    private int EpollOf(bool isAway) => isAway ? _keeper!._epoll : _epoll;

    /// <summary>On its keeper's thread.</summary>
    private void TellAsGuest(uint events, long data)
    {
        // Looked at before the lock, too: a guest that works again may hang.
        if (!IsOfNow(data))
            return;
        lock (_turn)
        {
            var runs = t_current;
            t_current = this;
            TellOwn(events, data);
            t_current = runs;
        }
    }
}
