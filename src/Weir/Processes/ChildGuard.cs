using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Weir.Processes;

// Ends what Weir started when Weir is killed and can do nothing itself: one shell for all children (0.3 MB), which
// reads from a pipe that only Weir holds which groups there are, and at the pipe's end ends those. A death signal
// (PR_SET_PDEATHSIG) would reach a group's leader alone, and fires when the thread that started it ends.
//
// Invariant: while a group is watched and Weir lives, a guard knows it. A guard that is killed is noticed by the
// thread that waits for its end, and another is told of every group.

/// <summary>Sees to it that no child outlives a Weir that was killed.</summary>
internal sealed class ChildGuard : IDisposable
{
    // "+ GROUP" watches, "- GROUP" forgets. TERM first; what is left after five seconds is killed. Strays have left
    // their group and are found by the run's mark in their environment.
    private const string Script =
        """
        exec >/dev/null 2>&1
        trap '' HUP INT QUIT TERM
        groups=' '
        strays() {
          grep -lzsx "WEIR_RUN=$run" /proc/[0-9]*/environ | while IFS=/ read -r _ _ id _; do kill "-$1" "$id"; done
        }
        run=$1
        while read -r what group; do
          case "$groups" in *" $group "*) groups="${groups%% $group *} ${groups#* $group }" ;; esac
          [ "$what" = + ] && groups="$groups$group "
        done
        for group in $groups; do kill -TERM "-$group"; done
        strays TERM
        for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
          left=
          for group in $groups; do kill -0 "-$group" && left=1; done
          [ "$left" ] || break
          sleep 0.2 || sleep 1
        done
        [ "$left" ] && for group in $groups; do kill -KILL "-$group"; done
        sleep 0.3 || sleep 1
        strays KILL
        """;

    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);
    private static readonly Lock s_gate = new();
    private static ChildGuard? s_own;

    private readonly Lock _lock = new();
    private readonly HashSet<int> _groups = [];
    private FileStream? _pipe;
    private bool _isDisposed;

    /// <summary>The guard of this process, made when the first child is.</summary>
    public static ChildGuard Own
    {
        get
        {
            lock (s_gate)
                return s_own ??= new ChildGuard();
        }
    }

    /// <summary>The process that stands guard now; 0 where there is none: no shell here (bare images).</summary>
    public int Id { get; private set; }

    /// <summary>
    /// Makes sure that one stands: before a child is started, so that no time is lost between the two.
    /// </summary>
    public void Stand()
    {
        lock (_lock)
        {
            if (Id == 0 && !_isDisposed)
                Start_NeedsLock();
        }
    }

    public void Watch(int group)
    {
        lock (_lock)
        {
            _groups.Add(group);
            Write_NeedsLock('+', group);
        }
    }

    /// <summary>The group is gone, or shall outlive Weir.</summary>
    public void Forget(int group)
    {
        lock (_lock)
        {
            if (_groups.Remove(group))
                Write_NeedsLock('-', group);
        }
    }

    /// <summary>Ends the guard, and with it, as if Weir were killed, what is watched still.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _pipe?.Dispose();
        }
    }

    private void Start_NeedsLock()
    {
        var start = new ProcessStart(
            ["/bin/sh", "-c", Script, "weir-guard", RunMark.Value], ChildEnvironment.Bare)
        {
            Pipes = PipeUse.Input,
        };
        int id;
        try
        {
            id = Spawner.Start(start, out var pipe);
            _pipe = new FileStream(pipe!, FileAccess.Write, bufferSize: 0);
        }
        catch (StartException)
        {
            // Children are left to the container's end, then.
            return;
        }

        Id = id;
        foreach (var group in _groups)
            Write_NeedsLock('+', group);
        new Thread(() => AwaitEnd(id), 128 * 1024) { IsBackground = true, Name = "weir guard" }.Start();
    }

    /// <summary>A guard ends only when somebody kills it; at the end of Weir this thread ends with the rest.</summary>
    private void AwaitEnd(int id)
    {
        var began = Stopwatch.GetTimestamp();
        while (PosixCalls.Wait(id, out _, 0) != id)
        {
            if (Marshal.GetLastPInvokeError() != PosixCalls.Interrupted)
                break;
        }

        // Where each new one is killed at once, one a second is enough.
        if (Stopwatch.GetElapsedTime(began) < AgainAfter)
            Thread.Sleep(AgainAfter);
        lock (_lock)
        {
            _pipe?.Dispose();
            _pipe = null;
            Id = 0;
            if (!_isDisposed)
                Start_NeedsLock();
        }
    }

    private void Write_NeedsLock(char what, int group)
    {
        try
        {
            _pipe?.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{what} {group}\n")));
        }
        catch (IOException)
        {
            // Somebody ended the guard; the next one is told of all.
        }
    }
}
