using Weir.Processes;

namespace Weir.Demo;

/// <summary>One of the two runs of the app: the sample, or the user's own command.</summary>
internal sealed class DemoApp : IDisposable
{
    private static readonly TimeSpan BootMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LastWordsMax = TimeSpan.FromSeconds(1);
    private readonly Child _child;
    private readonly OutputTail _output;
    private readonly int _port = FreePort.Next();

    /// <param name="command">None: the sample app.</param>
    /// <exception cref="StartException">It cannot be started.</exception>
    public DemoApp(IReadOnlyList<string> command)
    {
        var words = command.Count == 0 ? OwnProgram.Words(SampleApp.Verb) : PortWords.Fill(command, _port);
        // What it says would tear the board apart; it is shown when the app fails.
        _child = Child.Start(new ProcessStart(words, ChildEnvironment.WithPort(_port)) { Pipes = PipeUse.Outputs });
        _output = new OutputTail(_child.Pipe!);
    }

    public Task Ended => _child.Ended;

    /// <summary>Its address.</summary>
    /// <exception cref="StartException">It ended, or did not bind its port in time.</exception>
    public async Task<string> BoundAsync(CancellationToken cancel)
    {
        var address = await BootProbe.BoundAsync(_port, _child.Ended, BootMax, cancel).ConfigureAwait(false);
        if (address is not null || cancel.IsCancellationRequested)
            return address ?? "";
        var what = _child.Ended.IsCompleted ? "ended"
            : $"did not listen on PORT={_port} within {BootMax.TotalSeconds} s";
        var said = await SaidAsync().ConfigureAwait(false);
        throw new StartException($"{_child.Name} {what}; does it read $PORT? It said: {said}", 1);
    }

    /// <summary>Its last words; one that has just ended may have some in the pipe still.</summary>
    public async Task<string> SaidAsync()
    {
        if (_child.Ended.IsCompleted)
            await Task.WhenAny(_output.End, Task.Delay(LastWordsMax)).ConfigureAwait(false);
        return _output.Text is { Length: > 0 } text ? text : "nothing";
    }

    public Task StopAsync() => _child.StopAsync(TimeSpan.FromSeconds(2));

    public void Dispose() => _child.Dispose();
}
