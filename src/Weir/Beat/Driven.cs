namespace Weir.Beat;

// Something that many threads may wake and only one at a time drives.
//
// Invariants
//   1. Advance runs on one thread at a time. _wakes counts the wakes not yet looked at; whoever takes it from 0 to 1
//      drives, and drives again until it is back at 0, so no wake is lost.
//   2. A wake carries no news. Whoever wakes has written its news first (a socket operation's result, a lease); Advance
//      looks at everything it waits for. A wake too many is harmless.
//   3. Advance never runs inside another Advance: a wake raised while this thread drives is kept in a list of the
// thread's
//      own and driven after, in order. So a lease handed from one exchange to the next costs no stack, whatever the
// load.
//   4. Advance never blocks: it starts operations and returns.

/// <summary>A state machine woken by I/O, timers and other machines; the base of exchanges.</summary>
internal abstract class Driven : IThreadPoolWorkItem
{
    /// <summary>What this thread drives. One object: each look at what is a thread's own is a call.</summary>
    [ThreadStatic]
    private static Line? t_line;

    private int _wakes;
    private Driven? _next;
    private long _deadline = long.MaxValue;

    /// <summary>
    /// When the heartbeat shall wake this, on <see cref="Clock"/>; long.MaxValue = never. Any thread may read it.
    /// </summary>
    public long Deadline
    {
        get => Volatile.Read(ref _deadline);
        set => Volatile.Write(ref _deadline, value);
    }

    /// <summary>This machine's place in the heartbeat's list; the heartbeat's own.</summary>
    internal int BeatIndex { get; set; } = -1;

    /// <summary>Has Advance run soon: now if this thread is free, else right after what it drives.</summary>
    public void Raise()
    {
        if (Interlocked.Increment(ref _wakes) != 1)
            return;
        var line = t_line ??= new Line();
        if (line.IsDriven)
            line.Append(this);
        else
            line.DriveAll(this);
    }

    /// <summary>As Raise, but never on this thread: for threads that have better to do, as the spill threads.</summary>
    public void RaiseOnPool() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute() => Raise();

    protected abstract void Advance();

    /// <summary>A bug got out of Advance: end what can be ended. Must not throw.</summary>
    protected abstract void Fail(Exception exception);

    private void Drive()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _wakes);
            try
            {
                Advance();
            }
            catch (Exception exception)
            {
                Fail(exception);
            }
        }
        while (Interlocked.Add(ref _wakes, -seen) != 0);
    }

    /// <summary>A thread's machines that are to be driven, in order.</summary>
    private sealed class Line
    {
        private Driven? _first;
        private Driven? _last;

        public bool IsDriven { get; private set; }

        public void Append(Driven driven)
        {
            if (_last is null)
                _first = driven;
            else
                _last._next = driven;
            _last = driven;
        }

        public void DriveAll(Driven first)
        {
            IsDriven = true;
            for (var current = first; current is not null; current = Pop())
                current.Drive();
            IsDriven = false;
        }

        private Driven? Pop()
        {
            var first = _first;
            if (first is null)
                return null;
            _first = first._next;
            if (_first is null)
                _last = null;
            first._next = null;
            return first;
        }
    }
}
