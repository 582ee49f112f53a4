using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Weir.Processes;

// A process that Weir started, and all that it started in turn.
//
// Invariant: its group does not outlive Weir. When the leader has ended, what is left of the group is told to end and
// then killed (StopAsync); when Weir itself is killed, the guard does the same. The leader's id is not reused
// while its group has members, and the group is signalled only until it was seen empty once.

/// <summary>A running process tree with a session of its own.</summary>
internal sealed class Child : IDisposable
{
    private static readonly TimeSpan LeaderAlone = TimeSpan.FromSeconds(1);
    private readonly TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ChildGuard _guard;
    private int _isGone;

    private Child(int id, string name, SafeFileHandle? pipe, ChildGuard guard)
    {
        (Id, Name, Pipe, _guard) = (id, name, pipe, guard);
        new Thread(AwaitEnd, 128 * 1024) { IsBackground = true, Name = "weir child " + name }.Start();
    }

    /// <summary>The leader's process id, which is the group's.</summary>
    public int Id { get; }
    public string Name { get; }

    /// <summary>Weir's end of the pipe asked for at the start.</summary>
    public SafeFileHandle? Pipe { get; }

    /// <summary>The leader's exit code; 128 + signal where a signal ended it.</summary>
    public Task<int> Ended => _ended.Task;

    /// <exception cref="StartException">It cannot be started.</exception>
    public static Child Start(ProcessStart start)
    {
        // The guard stands first, so that no moment is left in which nobody would end the child.
        var guard = ChildGuard.Start();
        try
        {
            var id = Spawner.Start(start, out var pipe);
            guard.Watch(id);
            return new Child(id, Path.GetFileName(start.Words[0]), pipe, guard);
        }
        catch (StartException)
        {
            guard.Dispose();
            throw;
        }
    }

    /// <summary>To the leader alone: a reload's signal would end workers that do not know it.</summary>
    public void Signal(int signal)
    {
        if (!Ended.IsCompleted)
            _ = PosixCalls.Kill(Id, signal);
    }

    /// <summary>Asks the whole group to end, and kills what is left at the end of the grace. Never throws.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        var since = Stopwatch.GetTimestamp();
        // The leader first: servers end their workers in good order by themselves, and shells die and end nobody.
        Signal(PosixCalls.SigTerminate);
        var alone = grace < LeaderAlone ? grace : LeaderAlone;
        await Task.WhenAny(Ended, Task.Delay(alone)).ConfigureAwait(false);
        SignalGroup(PosixCalls.SigTerminate);
        while (!IsGroupGone() && Stopwatch.GetElapsedTime(since) < grace)
            await Task.Delay(10).ConfigureAwait(false);
        Kill();
        await Task.WhenAny(Ended, Task.Delay(TimeSpan.FromSeconds(1))).ConfigureAwait(false);
    }

    /// <summary>Ends the whole group at once.</summary>
    public void Kill()
    {
        if (!IsGroupGone())
            SignalGroup(PosixCalls.SigKill);
    }

    public void Dispose()
    {
        Kill();
        _guard.Dispose();
        Pipe?.Dispose();
    }

    /// <summary>Nothing of its group is left.</summary>
    public bool IsGroupGone()
    {
        if (Volatile.Read(ref _isGone) != 0)
            return true;
        // Members that lost their parent may have become Weir's (Orphans), and stay members until waited for.
        while (Ended.IsCompleted && PosixCalls.Wait(-Id, out _, PosixCalls.NoHang) > 0)
        {
        }

        // A leader that was not yet waited for is a member too.
        if (PosixCalls.Kill(-Id, 0) == 0)
            return false;
        Volatile.Write(ref _isGone, 1);
        return true;
    }

    /// <summary>To all that is left of its group.</summary>
    public void SignalGroup(int signal)
    {
        if (Volatile.Read(ref _isGone) == 0)
            _ = PosixCalls.Kill(-Id, signal);
    }

    private void AwaitEnd()
    {
        int status;
        while (PosixCalls.Wait(Id, out status, 0) != Id)
        {
            if (Marshal.GetLastPInvokeError() == PosixCalls.Interrupted)
                continue;
            // Somebody made the kernel forget ended children (SIGCHLD ignored by who started Weir).
            _ended.TrySetResult(1);
            return;
        }

        var signal = status & 0x7f;
        _ended.TrySetResult(signal == 0 ? (status >> 8) & 0xff : 128 + signal);
    }
}
