using Weir.Beat;
using Weir.Core.Caching.Shared;

namespace Weir.Caching.Shared;

// down ──pause──► connecting, TLS, log-in ──► up (a RedisLine) ──breaks──► down
//
// While it is down a request fails at once. The pause doubles from PauseMin to PauseMax with every try in a row that
// failed; a line that broke soon after its log-in counts as one.

/// <summary>A connection to one Redis that comes back by itself.</summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    /// <summary>A line that lived as long was a good one.</summary>
    private const long GoodMicros = 5_000_000;

    /// <summary>The pause does not grow after so many.</summary>
    private const int FailuresMax = 30;

    private readonly RedisSettings _settings;
    private readonly Action<SharedMessage, string> _say;
    private readonly CancellationTokenSource _stop = new();
    private volatile RedisLine? _line;
    private long _number;
    private string _lastWhy = "";
    private Task _loop = Task.CompletedTask;

    public RedisConnection(RedisSettings settings, Action<SharedMessage, string> say) =>
        (_settings, _say) = (settings, say);

    /// <summary>A message came on the channel. On a pool thread.</summary>
    public Action? WhenMessage { get; set; }

    /// <summary>There is a new line. On a pool thread.</summary>
    public Action? WhenUp { get; set; }

    /// <summary>Counts the lines; 0 while there is none.</summary>
    public long Number => _line?.Number ?? 0;

    public void Start() => _loop = RunAsync();

    public void Tick(long now) => _line?.Tick(now);

    /// <summary>
    /// Sends a batch and gives its values in order. It ends, in any case: with the last value, at the deadline, when
    /// the line breaks.
    /// </summary>
    /// <param name="isPatient">
    /// True: only a break ends it before its values come, so that what it sends is not touched after its end. False:
    /// late after <see cref="RedisSettings.Patience"/>.
    /// </param>
    /// <param name="only">The line's number, where it must be that one; 0: any.</param>
    public Task<RedisReply> AskAsync(RedisBatch batch, bool isPatient, long only = 0)
    {
        var line = _line;
        if (line is null || (only != 0 && line.Number != only))
            return Task.FromResult(new RedisReply(SharedFault.Down, []));
        var now = Clock.Now;
        var deadline = isPatient ? long.MaxValue : now + Clock.Micros(_settings.Patience);
        var request = new RedisRequest(batch, now, deadline);
        var fault = line.Ask(request);
        return fault == SharedFault.None ? request.Done : Task.FromResult(new RedisReply(fault, []));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _line?.Break("closed");
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        for (var failures = 0; !_stop.IsCancellationRequested;)
        {
            var begun = Clock.Now;
            (bool IsUp, string Words) why;
            try
            {
                why = await LiveAsync().ConfigureAwait(false);
            }
            catch (Exception fault)
            {
                // A fault of ours: said, and the tier stays down for the longest pause at most.
                (why, failures) = ((false, fault.ToString()), FailuresMax);
                _line?.Break("a fault");
            }

            _line = null;
            if (_stop.IsCancellationRequested)
                return;
            failures = Clock.Now - begun > GoodMicros && why.IsUp ? 1 : Math.Min(failures + 1, FailuresMax);
            Tell(why.Words);
            var pause = ReconnectPause.After(
                failures, Clock.Micros(_settings.PauseMin), Clock.Micros(_settings.PauseMax),
                Random.Shared.NextDouble());
            await Task.Delay(TimeSpan.FromMicroseconds(pause), _stop.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>From one try to its end.</summary>
    private async Task<(bool IsUp, string Words)> LiveAsync()
    {
        RedisLogin login;
        try
        {
            login = await RedisLogin.OpenAsync(_settings, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (RedisLogin.IsBreak(fault))
        {
            return (false, fault is OperationCanceledException ? "no answer in time" : fault.Message);
        }

        var line = new RedisLine(login, _settings, ++_number, () => WhenMessage?.Invoke());
        _line = line;
        // Dispose may have looked for a line just before.
        if (_stop.IsCancellationRequested)
            line.Break("closed");
        _lastWhy = "";
        _say(SharedMessage.Connected, _settings.Url.Shown);
        if (!login.HearsMessages)
            _say(SharedMessage.NoMessages, _settings.Url.Shown);
        WhenUp?.Invoke();
        return (true, await line.RunAsync().ConfigureAwait(false));
    }

    private void Tell(string why)
    {
        if (why == _lastWhy)
            return;
        _lastWhy = why;
        _say(SharedMessage.Lost, $"{_settings.Url.Shown}: {why}");
    }
}
