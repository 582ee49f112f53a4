using Weir.Beat;
using Weir.Core.Wires;

namespace Weir.Wires;

/// <summary>The I/O threads of the process; made when the first wire is.</summary>
internal static class IoThreads
{
    private static readonly Lock Gate = new();
    private const long PeriodMicros = 100_000;

    private static IoThread[]? s_threads;
    private static ThreadsAwake? s_awake;
    private static int s_next;
    private static long s_lookedAt;
    private static long s_processorMicros;
    private static long s_opened;

    /// <summary>
    /// How many there will be, all awake; 0 = one a processor, at most four, of which those rest that are not needed.
    /// Changes nothing once there are any.
    /// </summary>
    public static int Count { get; set; }

    public static IReadOnlyList<IoThread> All => s_threads ?? Make();

    /// <summary>
    /// This thread if it is one, so that both ends of an exchange stay together; else the next in turn.
    /// </summary>
    public static IoThread Near => IoThread.Current ?? Next();

    /// <summary>Each in turn, but for one that hangs while another does not.</summary>
    public static IoThread Next()
    {
        var threads = s_threads ?? Make();
        var now = Clock.Now;
        var next = threads[0];
        for (var tries = 0; tries < threads.Length; tries++)
        {
            next = threads[(uint)Interlocked.Increment(ref s_next) % (uint)threads.Length];
            if (!next.IsStalled(now))
                break;
        }

        return next;
    }

    /// <summary>
    /// This thread if it is one: a connection of few messages is over before another thread has woken for it, and one
    /// thread with much to do takes several messages at each wake. Another where this one has many more.
    /// </summary>
    public static IoThread NearUnlessFull()
    {
        const int moreAllowed = 8;
        var threads = s_threads ?? Make();
        if (IoThread.Current is not { } near)
            return Next();
        var best = near;
        foreach (var thread in threads)
        {
            if (thread.Watching < best.Watching && !thread.IsStalled(Clock.Now))
                best = thread;
        }

        return near.Watching - best.Watching <= moreAllowed + best.Watching / 4 ? near : best;
    }

    private static IoThread[] Make()
    {
        lock (Gate)
        {
            if (s_threads is not null)
                return s_threads;
            // Four serve more than any app with few workers asks for; more would only hand work to and fro.
            var count = Count > 0 ? Count : Math.Clamp(Environment.ProcessorCount, 1, 4);
            var threads = new IoThread[count];
            for (var index = 0; index < count; index++)
                threads[index] = new IoThread(index, Count > 0 || index == 0 ? null : threads[0]);
            if (Count == 0 && count > 1)
                s_awake = new ThreadsAwake(count);
            return s_threads = threads;
        }
    }

    /// <summary>
    /// Looks ten times a second at how many are needed, and whether one hangs. Called by every heartbeat, on its
    /// thread.
    /// </summary>
    public static void Look(long now)
    {
        var before = Volatile.Read(ref s_lookedAt);
        if (now - before < PeriodMicros || s_threads is not { } threads
            || Interlocked.CompareExchange(ref s_lookedAt, now, before) != before)
            return;
        foreach (var thread in threads)
        {
            if (thread.IsStalled(now))
                thread.SendKept();
        }

        if (s_awake is not { } awake)
            return;
        lock (Gate)
        {
            var micros = threads.Sum(thread => thread.ProcessorMicros());
            var opened = threads.Sum(thread => thread.Opened);
            var cores = (double)(micros - s_processorMicros) / (now - before);
            var openings = (opened - s_opened) * 1_000_000.0 / (now - before);
            (s_processorMicros, s_opened) = (micros, opened);
            awake.Decide(cores, openings, hangs: threads[0].IsStalled(now));
            for (var index = 1; index < threads.Length; index++)
                threads[index].SetResting(index >= awake.Count);
        }
    }
}
