using Weir.Beat;

namespace Weir.Wires;

/// <summary>The I/O threads of the process; made when the first wire is.</summary>
internal static class IoThreads
{
    private static readonly Lock Gate = new();
    private static IoThread[]? s_threads;
    private static int s_next;

    /// <summary>
    /// How many there will be; 0 = one a processor, at most four. Changes nothing once there are any.
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
                threads[index] = new IoThread(index);
            return s_threads = threads;
        }
    }
}
