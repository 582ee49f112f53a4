using System.Text;
using Weir.Beat;
using Weir.Caching;
using Weir.Caching.Shared;
using Weir.Core.Caching;
using Weir.Core.Caching.Shared;
using Weir.Core.Http;
using Weir.Tests.Support;

namespace Weir.Tests.Caching.Shared;

/// <summary>Two nodes' cache rooms before one store in memory.</summary>
public sealed class SharedCopiesTests : IAsyncDisposable
{
    private static readonly TimeSpan s_waitMax = TimeSpan.FromSeconds(20);
    private readonly MemorySharedStore.World _world = new();
    private readonly List<SharedCopies> _all = [];

    [Fact]
    public async Task What_one_node_stored_another_finds()
    {
        var (a, b) = (await NodeAsync(), await NodeAsync());
        await OfferAsync(a, "/x", "body");
        Assert.Equal("body", await FoundAsync(b, "/x"));
        Assert.Equal("", await FoundAsync(b, "/y"));
        Assert.Equal((1L, 1L), (b.Shared!.Tier.Counters[SharedEnd.Found], b.Shared.Tier.Counters[SharedEnd.Absent]));
    }

    [Fact]
    public async Task An_answer_stored_under_one_policy_is_not_found_under_another()
    {
        var (a, b) = (await NodeAsync(), await NodeAsync());
        await OfferAsync(a, "/x", "body");
        Assert.Equal("", await FoundAsync(b, "/x", policy: new CachePolicy { Share = CacheShare.Authorized }));
        Assert.Equal("body", await FoundAsync(b, "/x", policy: CachePolicy.Default with { }));
    }

    [Fact]
    public async Task A_variant_is_found_by_a_node_that_never_saw_the_URL()
    {
        var (a, b) = (await NodeAsync(), await NodeAsync());
        await OfferAsync(a, "/x", "deutsch", "Accept-Language: de\r\n");
        await OfferAsync(a, "/x", "english", "Accept-Language: en\r\n");
        await OfferAsync(a, "/x", "any", "");
        Assert.Equal("deutsch", await FoundAsync(b, "/x", "Accept-Language: de\r\n"));
        Assert.Equal("english", await FoundAsync(b, "/x", "Accept-Language: en\r\n"));
        Assert.Equal("any", await FoundAsync(b, "/x"));
        Assert.Equal("", await FoundAsync(b, "/x", "Accept-Language: fr\r\n"));
    }

    [Theory]
    [InlineData("url")]
    [InlineData("prefix")]
    [InlineData("tag")]
    [InlineData("host")]
    [InlineData("all")]
    public async Task A_purge_at_one_node_reaches_what_the_other_has_stored_and_what_lies_in_the_tier(string scope)
    {
        var (a, b) = (await NodeAsync(), await NodeAsync());
        await OfferAsync(a, "/x", "body");
        var text = scope switch
        {
            "url" => "a.example/x",
            "prefix" => "a.example/",
            "tag" => "red",
            "host" => "a.example",
            _ => "",
        };
        var held = Stored(b, "/x", "body");
        b.Store.Put(held, Now);
        a.Purge(PurgeOrder.Read(scope, text, out _)!, PurgeKind.Hard);
        await UntilAsync(() => b.Purges.Check(held) == Core.Caching.PurgeVerdict.Gone);
        Assert.Equal("", await FoundAsync(b, "/x"));
        Assert.Equal(1, b.Shared!.Tier.Counters[SharedEnd.Gone]);
        // And what is fetched after it is whole again.
        await OfferAsync(a, "/x", "new");
        Assert.Equal("new", await FoundAsync(b, "/x"));
    }

    [Fact]
    public async Task A_soft_purge_leaves_what_may_be_asked_about()
    {
        var (a, b) = (await NodeAsync(), await NodeAsync());
        await OfferAsync(a, "/x", "body");
        a.Purge(PurgeSelector.All, PurgeKind.Soft);
        Assert.Equal(PurgeTelling.Told, await a.Shared!.Tier.News.TellAsync("\u0001\0\0/none"u8.ToArray(), default));
        var found = (await AskAsync(b, "/x"))!;
        Assert.Equal(Core.Caching.PurgeVerdict.Stale, b.Purges.Check(found));
    }

    [Fact]
    public async Task An_unsafe_request_at_one_node_is_known_at_the_other()
    {
        var (a, b) = (await NodeAsync(), await NodeAsync());
        await OfferAsync(a, "/x", "body");
        var held = Stored(b, "/x", "body");
        b.Store.Put(held, Now);
        var seen = b.Invalidations.Count;
        var response = new ResponseHead();
        var text = "HTTP/1.1 200 OK\r\n\r\n"u8.ToArray();
        ResponseParser.Parse(text, 0, text.Length, HttpVerb.Post, GateLimits.Default, response, out _);
        a.Invalidate(Head("POST", "/x", ""), response, false, CachePolicy.Default);
        await UntilAsync(() => b.Purges.Check(held) == Core.Caching.PurgeVerdict.Stale);
        Assert.Equal(seen + 1, b.Invalidations.Count);
        Assert.Equal(Core.Caching.PurgeVerdict.Stale, b.Purges.Check((await AskAsync(b, "/x"))!));
    }

    /// <summary>Every POST is told, and most are of URLs that nobody stores: those leave no trace.</summary>
    [Fact]
    public async Task A_purge_of_a_URL_that_is_not_here_makes_nothing_else_stale()
    {
        var (a, b) = (await NodeAsync(), await NodeAsync());
        var held = Stored(b, "/x", "body");
        b.Store.Put(held, Now);
        var last = b.Purges.Last;
        a.Purge(PurgeSelector.Url("a.example"u8, "/other"u8), PurgeKind.Soft);
        await UntilAsync(() => b.Invalidations.Count == 1);
        Assert.Equal(last, b.Purges.Last);
        Assert.Equal(Core.Caching.PurgeVerdict.Kept, b.Purges.Check(held));
    }

    [Fact]
    public async Task A_selector_too_long_to_be_told_is_told_by_its_beginning()
    {
        var (a, b) = (await NodeAsync(), await NodeAsync());
        var path = "/" + new string('x', 5_000);
        await OfferAsync(a, path, "body");
        a.Purge(PurgeSelector.Url("a.example"u8, Encoding.ASCII.GetBytes(path)), PurgeKind.Hard);
        await UntilAsync(() => b.Purges.Last > 1);
        Assert.Equal("", await FoundAsync(b, path));
    }

    [Fact]
    public async Task While_the_tier_is_down_nothing_is_asked_and_nothing_offered()
    {
        var store = new MemorySharedStore(_world);
        var a = await NodeAsync(store);
        store.Cut();
        Assert.Null(Ask(a, "/x", new WakeCounter()));
        a.Shared!.Offer(Stored(a, "/x", "body"), CachePolicy.Default, a.Shared.Stamp);
        Assert.Equal(2, a.Shared.Tier.Counters[SharedFault.Down]);
        Assert.Empty(_world.Values);
    }

    [Fact]
    public async Task Who_asked_is_raised_whatever_the_store_says()
    {
        var store = new MemorySharedStore(_world);
        var (a, b) = (await NodeAsync(), await NodeAsync(store));
        await OfferAsync(a, "/x", "body");
        var owner = new WakeCounter();
        store.Lie = value => [.. value.Take(value.Length / 2)];
        var ask = Ask(b, "/x", owner)!;
        await UntilAsync(() => ask.IsOver && owner.Count == 1);
        Assert.Null(ask.Found);
        store.Lie = _ => throw new InvalidOperationException("a store that throws");
        ask = Ask(b, "/x", owner)!;
        await UntilAsync(() => ask.IsOver && owner.Count == 2);
        Assert.Null(ask.Found);
    }

    [Fact]
    public async Task Warming_waits_for_the_first_contact_and_not_for_ever()
    {
        var room = new CacheRoom(new CacheOptions());
        var shut = new MemorySharedStore(_world);
        await using var shared = new SharedCopies(room, new SharedOptions(), new ShutStore(shut), (_, _) => { });
        Assert.False(shared.MayWarm(0));
        shared.Start(5_000_000);
        Assert.False(shared.MayWarm(5_999_999));
        Assert.True(shared.MayWarm(6_000_000));
        Assert.True((await NodeAsync()).Shared!.MayWarm(0));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var shared in _all)
            await shared.DisposeAsync();
    }

    private static long Now => SharedNode.UnixNow;

    private async Task<CacheRoom> NodeAsync(MemorySharedStore? store = null)
    {
        var room = new CacheRoom(new CacheOptions());
        var options = new SharedOptions { Patience = TimeSpan.FromSeconds(1) };
        var shared = new SharedCopies(room, options, store ?? new MemorySharedStore(_world), (_, _) => { });
        room.Shared = shared;
        _all.Add(shared);
        shared.Start(0);
        await shared.Tier.News.FirstContact;
        return room;
    }

    /// <summary>Offered, and in the store.</summary>
    private static async Task OfferAsync(CacheRoom room, string path, string body, string? language = null)
    {
        var shared = room.Shared!;
        var before = shared.Tier.Counters[SharedPut.Stored];
        shared.Offer(Stored(room, path, body, language), CachePolicy.Default, shared.Stamp);
        await UntilAsync(() => shared.Tier.Counters[SharedPut.Stored] > before);
    }

    private static StoredAnswer Stored(CacheRoom room, string path, string body, string? language = null)
    {
        var key = Answers.Key(path);
        var names = language is null ? [] : "accept-language"u8.ToArray();
        var values = new byte[100];
        return new StoredAnswer
        {
            Key = key,
            Hash = room.Store.Hash(key),
            Parts = Answers.Parts(key),
            VaryNames = names,
            VaryValues = language is null ? []
                : values[..VaryValues.Write(Head("GET", path, language), names, CachePolicy.Default, values)],
            Head = StoredAnswer.Read("HTTP/1.1 200 OK\r\nETag: \"v\"\r\n\r\n"u8.ToArray()),
            Body = StoredBody.Of(Encoding.ASCII.GetBytes(body)),
            Figures = new StoredFigures(Now, Now, 60_000, -1, -1, StoredFlags.HasValidator),
            Tags = ["red"u8.ToArray()],
            Capture = room.Purges.Last,
        };
    }

    private static SharedAsk? Ask(
        CacheRoom room, string path, Driven owner, string fields = "", CachePolicy? policy = null)
    {
        var key = Answers.Key(path);
        return room.Shared!.Ask(
            owner, Head("GET", path, fields), key, room.Store.Hash(key), Answers.Parts(key),
            policy ?? CachePolicy.Default, room.Purges.Last, Clock.Now);
    }

    private static async Task<StoredAnswer?> AskAsync(
        CacheRoom room, string path, string fields = "", CachePolicy? policy = null)
    {
        var owner = new WakeCounter();
        var ask = Ask(room, path, owner, fields, policy)!;
        await UntilAsync(() => owner.Count > 0);
        return ask.Found;
    }

    private static async Task<string> FoundAsync(
        CacheRoom room, string path, string fields = "", CachePolicy? policy = null) =>
        await AskAsync(room, path, fields, policy) is { } found ? Answers.Text(found) : "";

    private static RequestHead Head(string method, string path, string fields)
    {
        var bytes = Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: a.example\r\n{fields}\r\n");
        var head = new RequestHead();
        Assert.Equal(
            ParseResult.Complete, RequestParser.Parse(bytes, 0, bytes.Length, GateLimits.Default, head, out _));
        return head;
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var late = new CancellationTokenSource(s_waitMax);
        while (!holds())
        {
            late.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>One that never opens.</summary>
    private sealed class ShutStore(MemorySharedStore store) : ISharedStore
    {
        public long Connection => 0;

        public Action? WhenNews
        {
            get => store.WhenNews;
            set => store.WhenNews = value;
        }

        public void Start()
        {
        }

        public void Tick(long now)
        {
        }

        public Task<SharedFetch> FetchAsync(ReadOnlyMemory<byte> name) => store.FetchAsync(name);

        public Task<SharedFault> PutAsync(
            ReadOnlyMemory<byte> name, IReadOnlyList<ReadOnlyMemory<byte>> pieces, long lifetime, long connection) =>
            store.PutAsync(name, pieces, lifetime, connection);

        public Task<SharedPage> ReadPurgesAsync(int entries) => store.ReadPurgesAsync(entries);

        public Task<SharedFault> AddPurgeAsync(PurgeEntry entry) => store.AddPurgeAsync(entry);

        public Task<SharedFault> BeginEraAsync(long era) => store.BeginEraAsync(era);

        public ValueTask DisposeAsync() => store.DisposeAsync();
    }
}
