using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Weir.Core.Processes;

namespace Weir.Processes;

/// <summary>
/// A process tree that an earlier Weir started and that outlived it. It is no child of ours: a pidfd tells its end, and
/// nobody can tell its exit code.
/// </summary>
internal sealed class AdoptedChild : ProcessGroup
{
    private readonly SafeFileHandle _process;

    private AdoptedChild(int id, string name, SafeFileHandle process) : base(id, name)
    {
        _process = process;
        new Thread(AwaitEnd, 128 * 1024) { IsBackground = true, Name = "weir adopted " + name }.Start();
    }

    /// <summary>Takes it over; null where it is gone, or its number is another process's by now.</summary>
    public static AdoptedChild? Take(ProcessIdentity identity, string name)
    {
        // The descriptor first: once it is ours, the number cannot change hands between the look and the use.
        var descriptor = PosixCalls.OpenProcess(identity.Id);
        if (descriptor < 0)
            return null;
        var process = new SafeFileHandle(descriptor, ownsHandle: true);
        if (LiveProcess.StartTicks(identity.Id) == identity.StartTicks)
            return new AdoptedChild(identity.Id, name, process);
        process.Dispose();
        return null;
    }

    private void AwaitEnd()
    {
        var isHeld = false;
        _process.DangerousAddRef(ref isHeld);
        try
        {
            var wanted = new PosixCalls.Poll { Descriptor = (int)_process.DangerousGetHandle(), Events = 1 };
            while (PosixCalls.PollOne(ref wanted, 1, -1) < 0 && Marshal.GetLastPInvokeError() == PosixCalls.Interrupted)
            {
            }
        }
        finally
        {
            _process.DangerousRelease();
        }

        SetEnded(CodeUnknown);
    }
}
