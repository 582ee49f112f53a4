using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Weir.Processes;

// A process that Weir started, and all that it started in turn.
//
// Invariant: its group does not outlive Weir, unless it was started to (run.adopt). When the leader has ended, what is
// left of the group is told to end and then killed (StopAsync); when Weir itself is killed, the guard does the same.
// The leader's id is not reused while its group has members.

/// <summary>A running process tree that this Weir started.</summary>
internal sealed class Child : ProcessGroup
{
    private readonly bool _isGuarded;

    private Child(int id, string name, SafeFileHandle? pipe, bool isGuarded) : base(id, name)
    {
        (Pipe, _isGuarded) = (pipe, isGuarded);
        new Thread(AwaitEnd, 128 * 1024) { IsBackground = true, Name = "weir child " + name }.Start();
    }

    /// <summary>Weir's end of the pipe asked for at the start.</summary>
    public SafeFileHandle? Pipe { get; }

    /// <exception cref="StartException">It cannot be started.</exception>
    public static Child Start(ProcessStart start)
    {
        if (!start.OutlivesWeir)
            ChildGuard.Own.Stand();
        var id = Spawner.Start(start, out var pipe);
        if (!start.OutlivesWeir)
            ChildGuard.Own.Watch(id);
        return new Child(id, Path.GetFileName(start.Words[0]), pipe, !start.OutlivesWeir);
    }

    public override void Dispose()
    {
        base.Dispose();
        // Killed, so that there is nothing left to guard.
        Forget();
        Pipe?.Dispose();
    }

    /// <summary>The guard must not keep a number that may be another group's soon.</summary>
    protected override void WhenGone() => Forget();

    private void Forget()
    {
        if (_isGuarded)
            ChildGuard.Own.Forget(Id);
    }

    private void AwaitEnd()
    {
        int status;
        while (PosixCalls.Wait(Id, out status, 0) != Id)
        {
            if (Marshal.GetLastPInvokeError() == PosixCalls.Interrupted)
                continue;
            // Somebody made the kernel forget ended children (SIGCHLD ignored by who started Weir).
            SetEnded(1);
            return;
        }

        var signal = status & 0x7f;
        SetEnded(signal == 0 ? (status >> 8) & 0xff : 128 + signal);
        _ = IsGroupGone();
    }
}
