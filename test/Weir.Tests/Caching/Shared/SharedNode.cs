using System.Text;
using Weir.Beat;
using Weir.Caching.Shared;
using Weir.Core.Caching.Shared;
using Weir.Tests.Support;

namespace Weir.Tests.Caching.Shared;

/// <summary>One node's tier before a store in memory; its selectors are keys.</summary>
internal sealed class SharedNode : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<string> _said = [];
    private readonly List<string> _notices = [];

    public SharedNode(MemorySharedStore.World world, SharedOptions? options = null)
    {
        Store = new MemorySharedStore(world);
        Tier = new SharedTier(
            Store,
            options ?? new SharedOptions { Patience = TimeSpan.FromSeconds(1) },
            (selector, answer) => selector.Span.SequenceEqual(answer.Key.Span),
            Note,
            (message, _) =>
            {
                lock (_lock)
                    _said.Add($"{message}");
            });
        Tier.News.WhenFault = fault => Fault = fault;
    }

    public static long UnixNow => Clock.ToUnix(Clock.Now) / 1000;

    public MemorySharedStore Store { get; }
    public SharedTier Tier { get; }
    public Exception? Fault { get; private set; }

    /// <summary>Called with each notice, before it is noted.</summary>
    public Action<PurgeNotice>? WhenPurged { get; set; }

    /// <summary>What it was told since the last look, in order.</summary>
    public string Notices
    {
        get
        {
            lock (_lock)
            {
                var said = string.Join(", ", _notices);
                _notices.Clear();
                return said;
            }
        }
    }

    public string Said
    {
        get
        {
            lock (_lock)
                return string.Join(", ", _said);
        }
    }

    public static async Task<SharedNode> StartAsync(MemorySharedStore.World world, SharedOptions? options = null)
    {
        var node = new SharedNode(world, options);
        node.Tier.Start();
        await node.Tier.News.FirstContact;
        _ = node.Notices;
        return node;
    }

    public Task<SharedPut> PutAsync(string key, string body, PurgeStamp? stamp = null, string vary = "") =>
        Tier.PutAsync(SharedAnswers.Of(key, body, stamp ?? Tier.News.Stamp, UnixNow, vary));

    /// <summary>The body, with what it is.</summary>
    public async Task<string> GetAsync(string key, string vary = "")
    {
        var look = await Tier.GetAsync(
            SharedAnswers.Bytes(key), default, _ => SharedAnswers.Bytes(vary));
        return look.Answer is { } answer ? $"{look.End} {SharedAnswers.Body(answer)}"
            : look.End == SharedEnd.Fault ? $"{look.Fault}" : $"{look.End}";
    }

    public Task<PurgeTelling> PurgeAsync(string key, PurgeDepth depth = PurgeDepth.Soft) =>
        Tier.News.TellAsync(SharedAnswers.Bytes(key), depth);

    public async ValueTask DisposeAsync() => await Tier.DisposeAsync();

    private void Note(PurgeNotice notice)
    {
        WhenPurged?.Invoke(notice);
        var selector = notice.IsEverything ? "everything" : Encoding.UTF8.GetString(notice.Selector.Span);
        lock (_lock)
            _notices.Add($"{selector} {notice.Depth} {notice.Cause}");
    }
}
