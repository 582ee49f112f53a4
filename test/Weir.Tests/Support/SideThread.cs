using System.Runtime.ExceptionServices;

namespace Weir.Tests.Support;

/// <summary>A thread of a test. What its work throws is thrown again by <see cref="Join"/>. On a plain thread it would
/// end the whole run, and with it every test that has not run yet: measured, the runner then hangs instead of ending,
/// so the constructors of Thread are banned in test code.</summary>
internal sealed class SideThread
{
    // Far above what any test takes on a busy machine, and far below the patience of a build server.
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(3);
    private readonly Thread _thread;
    private readonly Action _work;
    private Exception? _fault;

    private SideThread(Action work)
    {
        _work = work;
#pragma warning disable RS0030 // The one place where a test makes a thread.
        _thread = new Thread(Run, 256 * 1024) { IsBackground = true };
#pragma warning restore RS0030
    }

    public static SideThread Start(Action work)
    {
        var side = new SideThread(work);
        side._thread.Start();
        return side;
    }

    /// <summary>So many threads, each with its number from 0.</summary>
    public static IReadOnlyList<SideThread> Start(int count, Action<int> work) =>
        [.. Enumerable.Range(0, count).Select(number => Start(() => work(number)))];

    /// <summary>The same, and returns when all have ended.</summary>
    public static void RunAll(int count, Action<int> work) => JoinAll(Start(count, work));

    public static void JoinAll(IEnumerable<SideThread> threads)
    {
        foreach (var thread in threads) thread.Join();
    }

    /// <exception cref="TimeoutException">The work has not ended within three minutes.</exception>
    public void Join()
    {
        if (!_thread.Join(WaitMax)) throw new TimeoutException("a thread of the test has not ended within 3 min");
        if (_fault is not null) ExceptionDispatchInfo.Throw(_fault);
    }

    private void Run()
    {
        try
        {
            _work();
        }
        catch (Exception fault)
        {
            _fault = fault;
        }
    }
}
