using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Weir.Config;
using Weir.Control;
using Weir.Ledger;
using Weir.Processes;

namespace Weir.Verbs;

/// <summary>
/// A front door from its start to its end: what <c>proxy</c>, <c>run</c> and <c>demo</c> have in common.
/// </summary>
internal sealed class Serving : IAsyncDisposable
{
    private readonly HouseView _view;
    private readonly HouseActs _acts;
    private readonly Reloading? _reloading;
    private readonly Watchdog _watchdog;
    private readonly Supervisor _supervisor = Supervisor.Own;
    private bool _isServing;
    private readonly bool _hasTerminal = PosixCalls.IsTerminal(0) != 0;
    private readonly AdminServer _admin;
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly TaskCompletionSource<PosixSignal> _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="read">How the options are read anew; null: they come from no settings.</param>
    /// <param name="check">What else must hold of them: a sentence where it does not.</param>
    public Serving(
        WeirOptions options, Func<(WeirOptions? Options, IReadOnlyList<SettingFault> Faults)>? read = null,
        Func<WeirOptions, string?>? check = null)
    {
        House = new House(options);
        _view = new HouseView(House);
        _watchdog = new Watchdog(House, _supervisor);
        _reloading = read is null ? null : new Reloading(House, read)
        {
            Check = check ?? (_ => null),
            WhileReloading = TellSupervisor,
        };
        _acts = new HouseActs(House, _view) { Reloading = _reloading };
        _admin = new AdminServer(options.Admin, _acts.Acts(), House.Rooms.Ledger);
    }

    /// <summary>Shows what this one runs in status, and lets the admin API ask it.</summary>
    /// <summary>The pooler's pools are a part of what status and metrics tell.</summary>
    public void Show(Func<IReadOnlyList<Pooling.Pool>> pools) => _view.Pools = pools;

    public void Show(Runner runner) => _acts.Runner = _view.Runner = runner;

    public House House { get; }

    /// <summary>The door is open; before, the options were read just now.</summary>
    public bool IsServing => Volatile.Read(ref _isServing);

    /// <summary>Null where the options came from no settings.</summary>
    public Reloading? Reloading => _reloading;

    /// <summary>Ends with the signal that asks for the end.</summary>
    public Task<PosixSignal> Stopped => _stop.Task;

    /// <summary>Binds the front door, then everything that can come later. False: it could not, and said why.</summary>
    public async Task<bool> StartAsync()
    {
        try
        {
            House.Start();
        }
        catch (SocketException exception)
        {
            var where = string.Join(", ", House.Rooms.Options.Edge.Listen);
            CommandLine.Say($"cannot listen on {where}: {exception.Message}; choose another with --port or --listen");
            return false;
        }
        catch (FormatException exception)
        {
            CommandLine.Say(exception.Message);
            return false;
        }

        Watch(PosixSignal.SIGTERM);
        Watch(PosixSignal.SIGINT);
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGQUIT, context =>
        {
            context.Cancel = true;
            WriteDump();
        }));
        if (!House.Rooms.Options.Quiet)
            Banner.Write(House, Console.Error);
        await AdminOpening.OpenAsync(_admin, House.Rooms.Options.Quiet).ConfigureAwait(false);
        Volatile.Write(ref _isServing, true);
        TellSupervisor(isReloading: false);
        _watchdog.Start();
        return true;
    }

    /// <summary>
    /// SIGHUP reads the options anew, once the door serves (before, they were read just now); or it is the end of the
    /// terminal that Weir was started at, which then is none any more.
    /// </summary>
    public void ReloadOnHangUp() => _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
    {
        context.Cancel = true;
        if (_hasTerminal && PosixCalls.IsTerminal(0) == 0)
            _stop.TrySetResult(PosixSignal.SIGHUP);
        else if (Volatile.Read(ref _isServing) && _reloading?.Reload() is { Error: { } problem })
            CommandLine.Say($"reload: {problem}");
    }));

    /// <summary>Ends within shutdown.deadline.</summary>
    /// <param name="limit">Ends within this in its place, where something else needs the rest of it.</param>
    public async Task StopAsync(TimeSpan? limit = null)
    {
        var since = Stopwatch.GetTimestamp();
        _supervisor.Stopping();
        House.Say(HouseMessages.Stopping);
        var all = House.Rooms.Options.ShutdownDeadline - TimeSpan.FromSeconds(1);
        await House.StopAsync(limit ?? all).ConfigureAwait(false);
        House.Say(HouseMessages.Stopped, ("after_ms", (long)Stopwatch.GetElapsedTime(since).TotalMilliseconds));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        await _admin.DisposeAsync().ConfigureAwait(false);
        House.Dispose();
    }

    public static int ExitCodeOf(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGINT => 130,
        PosixSignal.SIGHUP => 129,
        _ => 143,
    };

    private void TellSupervisor(bool isReloading)
    {
        if (isReloading)
            _supervisor.Reloading();
        else
            _supervisor.Ready($"serving on {string.Join(", ", House.Urls)}");
    }

    private void Watch(PosixSignal signal) => _signals.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        _stop.TrySetResult(context.Signal);
    }));

    private void WriteDump()
    {
        try
        {
            var dump = DumpWriter.Write(_view.Snapshot(), House.Rooms.Options.Sources, House.Rooms.Ledger);
            var file = DumpWriter.WriteFile(Path.GetTempPath(), DateTimeOffset.UtcNow, dump);
            House.Say(HouseMessages.DumpWritten, ("file", file));
        }
        catch (IOException exception)
        {
            CommandLine.Say($"no dump: {exception.Message}");
        }
    }
}
