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
    private readonly WeirOptions _options;
    private readonly HouseView _view;
    private readonly HouseActs _acts;
    private readonly AdminServer _admin;
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly TaskCompletionSource<PosixSignal> _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Serving(WeirOptions options)
    {
        _options = options;
        House = new House(options);
        _view = new HouseView(House);
        _acts = new HouseActs(House, _view);
        _admin = new AdminServer(options.Admin, _acts.Acts(), House.Rooms.Ledger);
    }

    /// <summary>Shows what this one runs in status, and lets the admin API ask it.</summary>
    public void Show(Runner runner) => _acts.Runner = _view.Runner = runner;

    public House House { get; }

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
            var where = string.Join(", ", _options.Edge.Listen);
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
        if (!_options.Quiet)
            Banner.Write(House, Console.Error);
        try
        {
            await _admin.StartAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or SocketException or FormatException)
        {
            // The front door serves without its admin door; that it has none must be seen.
            CommandLine.Say($"admin is off: {exception.Message}");
        }

        if (!_options.Quiet && _admin.Tcp is { } tcp)
            Console.Error.WriteLine($"weir: admin on http://{tcp}");
        return true;
    }

    /// <summary>Ends within shutdown.deadline.</summary>
    /// <param name="limit">Ends within this in its place, where something else needs the rest of it.</param>
    public async Task StopAsync(TimeSpan? limit = null)
    {
        var since = Stopwatch.GetTimestamp();
        House.Say(HouseMessages.Stopping);
        await House.StopAsync(limit ?? _options.ShutdownDeadline - TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        House.Say(HouseMessages.Stopped, ("after_ms", (long)Stopwatch.GetElapsedTime(since).TotalMilliseconds));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        await _admin.DisposeAsync().ConfigureAwait(false);
        House.Dispose();
    }

    public static int ExitCodeOf(PosixSignal signal) => signal == PosixSignal.SIGINT ? 130 : 143;

    private void Watch(PosixSignal signal) => _signals.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        _stop.TrySetResult(context.Signal);
    }));

    private void WriteDump()
    {
        try
        {
            var dump = DumpWriter.Write(_view.Snapshot(), _options.Sources, House.Rooms.Ledger);
            var file = DumpWriter.WriteFile(Path.GetTempPath(), DateTimeOffset.UtcNow, dump);
            House.Say(HouseMessages.DumpWritten, ("file", file));
        }
        catch (IOException exception)
        {
            CommandLine.Say($"no dump: {exception.Message}");
        }
    }
}
