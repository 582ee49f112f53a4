using System.Globalization;
using System.Text;
using Weir.Beat;
using Weir.Caching.Shared;
using Weir.Core.Caching.Shared;
using Weir.EndToEnd.Support;
using Weir.Tests.Caching.Shared;

namespace Weir.EndToEnd.Caching.Shared;

/// <summary>One node's tier before a real Redis, with a heartbeat of its own; its selectors are keys.</summary>
internal sealed class RedisNode : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<string> _said = [];
    private readonly List<string> _notices = [];
    private readonly Heartbeat _heartbeat = new();

    public RedisNode(string url, Func<SharedOptions, SharedOptions>? change = null)
    {
        var parsed = RedisUrl.Read(url, out var problem) ?? throw new ArgumentException(problem, nameof(url));
        // Patient, so that a busy machine is not taken for a slow Redis; the tests of slowness set their own.
        var options = new SharedOptions
        {
            Url = parsed,
            Patience = TimeSpan.FromSeconds(5),
            AnswerTimeMax = TimeSpan.FromSeconds(5),
        };
        options = change?.Invoke(options) ?? options;
        Store = new RedisStore(options, Say);
        Tier = new SharedTier(
            Store, options, (selector, answer) => selector.Span.SequenceEqual(answer.Key.Span), Note, Say);
        Tier.News.WhenFault = fault => Say(SharedMessage.Lost, fault.ToString());
        Tier.Start();
        _heartbeat.EveryTick(Tier.Tick);
        _heartbeat.Start();
    }

    public static long UnixNow => Clock.ToUnix(Clock.Now) / 1000;

    public RedisStore Store { get; }
    public SharedTier Tier { get; }

    public string Said
    {
        get
        {
            lock (_lock)
                return string.Join('\n', _said);
        }
    }

    public string Notices
    {
        get
        {
            lock (_lock)
                return string.Join(", ", _notices);
        }
    }

    public static RedisNode Start(RedisServer server, Func<SharedOptions, SharedOptions>? change = null) =>
        Start(string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{server.Port}"), change);

    public static RedisNode Start(string url, Func<SharedOptions, SharedOptions>? change = null)
    {
        var node = new RedisNode(url, change);
        node.WaitUntilKnown();
        node.Forget();
        return node;
    }

    /// <summary>Until it is connected and knows the purges of that connection.</summary>
    public void WaitUntilKnown() => Eventually.True(
        () => Tier.IsUp && Tier.News.ConfirmedOn == Store.Connection, () => "connected and caught up; it said " + Said);

    public void Forget()
    {
        lock (_lock)
            _notices.Clear();
    }

    public SharedPut Put(string key, string body, PurgeStamp? stamp = null, string vary = "") =>
        Tier.PutAsync(SharedAnswers.Of(key, body, stamp ?? Tier.News.Stamp, UnixNow, vary)).GetAwaiter().GetResult();

    public SharedPut Put(string key, byte[] body) => Tier.PutAsync(
        SharedAnswers.Of(key, "", Tier.News.Stamp, UnixNow) with { Body = [body] }).GetAwaiter().GetResult();

    public SharedLook Look(string key, string vary = "") =>
        Tier.GetAsync(SharedAnswers.Bytes(key), default, _ => SharedAnswers.Bytes(vary)).GetAwaiter().GetResult();

    /// <summary>The body, with what it is.</summary>
    public string Get(string key, string vary = "")
    {
        var look = Look(key, vary);
        return look.Answer is { } answer ? $"{look.End} {SharedAnswers.Body(answer)}"
            : look.End == SharedEnd.Fault ? $"{look.Fault}" : $"{look.End}";
    }

    public PurgeTelling Purge(string key, PurgeDepth depth = PurgeDepth.Soft) =>
        Tier.News.TellAsync(SharedAnswers.Bytes(key), depth).GetAwaiter().GetResult();

    public void Dispose()
    {
        _heartbeat.Dispose();
        Tier.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void Say(SharedMessage message, string more)
    {
        lock (_lock)
            _said.Add($"{message} {more}");
    }

    private void Note(PurgeNotice notice)
    {
        var what = notice.IsEverything ? "everything" : Encoding.UTF8.GetString(notice.Selector.Span);
        lock (_lock)
            _notices.Add($"{what} {notice.Depth} {notice.Cause}");
    }
}
