using System.Runtime.InteropServices;

namespace Weir.Processes;

/// <summary>Signals: those that ask for the end are kept as a task, all others go to the child as they are.</summary>
internal sealed class RelayedSignals : IDisposable
{
    private const int StandardInput = 0;

    /// <summary>SIGUSR1 and SIGUSR2 on Linux (but MIPS and Alpha, where .NET does not run).</summary>
    private const PosixSignal UserOne = (PosixSignal)10;
    private const PosixSignal UserTwo = (PosixSignal)12;

    /// <summary>.NET's own names, and the kernel's numbers.</summary>
    private static readonly (PosixSignal Signal, int Number)[] Passed =
    [
        (UserOne, 10), (UserTwo, 12), (PosixSignal.SIGTTIN, 21), (PosixSignal.SIGTTOU, 22), (PosixSignal.SIGWINCH, 28),
    ];

    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly TaskCompletionSource<int> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _again = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _hasTerminal = PosixCalls.IsTerminal(StandardInput) != 0;
    private Action<int>? _pass;

    public RelayedSignals()
    {
        Watch(PosixSignal.SIGTERM, () => AskForEnd(15));
        Watch(PosixSignal.SIGINT, () => AskForEnd(2));
        Watch(PosixSignal.SIGHUP, HangUp);
        foreach (var (signal, number) in Passed)
            Watch(signal, () => Volatile.Read(ref _pass)?.Invoke(number));
    }

    /// <summary>Ends with the number of the signal that asks for the end.</summary>
    public Task<int> End => _end.Task;

    /// <summary>Ends when the end is asked for once more: somebody is in a hurry.</summary>
    public Task<int> Again => _again.Task;

    /// <summary>
    /// Whom the other signals go to; until then they are dropped, as they would end a server that boots.
    /// </summary>
    public void PassTo(Action<int> pass) => Volatile.Write(ref _pass, pass);

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void AskForEnd(int number)
    {
        if (!_end.TrySetResult(number))
            _again.TrySetResult(number);
    }

    /// <summary>
    /// SIGHUP is a reload, or the end of the terminal that Weir was started at, which then is none any more.
    /// </summary>
    private void HangUp()
    {
        if (_hasTerminal && PosixCalls.IsTerminal(StandardInput) == 0)
            AskForEnd(PosixCalls.SigHangUp);
        else
            Volatile.Read(ref _pass)?.Invoke(PosixCalls.SigHangUp);
    }

    private void Watch(PosixSignal signal, Action act) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            act();
        }));
}
