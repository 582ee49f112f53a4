using System.Diagnostics;

namespace Weir.Processes;

/// <summary>
/// A running process tree with a session of its own: started by this Weir (<see cref="Child"/>), or by one before it
/// (<see cref="AdoptedChild"/>). Its group is signalled only until it was seen empty once, since its number may then
/// be another's.
/// </summary>
internal abstract class ProcessGroup(int id, string name) : IDisposable
{
    /// <summary>The exit code of a process that is not ours to wait for.</summary>
    public const int CodeUnknown = -1;

    private static readonly TimeSpan LeaderAlone = TimeSpan.FromSeconds(1);
    private readonly TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isGone;

    /// <summary>The leader's process id, which is the group's.</summary>
    public int Id { get; } = id;
    public string Name { get; } = name;

    /// <summary>
    /// The leader's exit code; 128 + signal where a signal ended it; <see cref="CodeUnknown"/> of an adopted one.
    /// </summary>
    public Task<int> Ended => _ended.Task;

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

    public virtual void Dispose() => Kill();

    protected void SetEnded(int code) => _ended.TrySetResult(code);

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
        if (Interlocked.Exchange(ref _isGone, 1) == 0)
            WhenGone();
        return true;
    }

    /// <summary>Nothing of the group is left; called once, on whatever thread.</summary>
    protected virtual void WhenGone()
    {
    }

    /// <summary>To all that is left of its group.</summary>
    public void SignalGroup(int signal)
    {
        if (Volatile.Read(ref _isGone) == 0)
            _ = PosixCalls.Kill(-Id, signal);
    }
}
