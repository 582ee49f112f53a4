namespace Weir.Core.Processes;

/// <summary>The words for ends: in status, log and metrics.</summary>
internal static class EndReasons
{
    public static string Word(EndReason reason) => reason switch
    {
        EndReason.None => "",
        EndReason.Crashed => "crashed",
        EndReason.ExitedZero => "exited-0",
        EndReason.BootTimeout => "boot-timeout",
        EndReason.Memory => "memory",
        EndReason.Requests => "requests",
        EndReason.Stuck => "stuck",
        EndReason.Restart => "restart",
        EndReason.SetFailed => "set-failed",
        EndReason.ScaledDown => "scaled-down",
        EndReason.Drained => "drained",
        _ => "shutdown",
    };

    /// <summary>It was not asked to: started again after a pause that grows.</summary>
    public static bool IsCrash(EndReason reason) =>
        reason is EndReason.Crashed or EndReason.ExitedZero or EndReason.BootTimeout;

    public static bool IsRecycle(EndReason reason) =>
        reason is EndReason.Memory or EndReason.Requests or EndReason.Stuck;
}
