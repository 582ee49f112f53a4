using System.Globalization;
using Weir.EndToEnd.Support;
using Weir.Tests.Support;

namespace Weir.EndToEnd.Caching;

/// <summary>Many who ask for the same at once: one asks the app, and the others hold nothing.</summary>
public sealed class CoalescingTests
{
    private const string Get = "GET /same HTTP/1.1\r\nHost: app.test\r\n\r\n";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Long for a busy machine, and well within the patience of those who wait behind: a wait that merely runs out must
    // not look like one that was ended.
    private static readonly TimeSpan Together = TimeSpan.FromSeconds(8);

    [Theory]
    [InlineData(1_000, 1024)]
    [InlineData(100, 300 * 1024)]
    public void Simultaneous_misses_of_one_key_reach_the_app_once(int clients, int bytes)
    {
        using var mayAnswer = new ManualResetEventSlim();
        using var app = Stored(bytes, mayAnswer);
        using var door = Before(app, slots: 4);
        var asking = new List<RawClient>();
        try
        {
            for (var i = 0; i < clients; i++)
                asking.Add(new RawClient(door.EndPoint, limit: Patience).Send(Get));
            door.AwaitActive(clients);
            Assert.Equal((1, 0), door.LeasedAndQueued ?? (1, 0));
            mayAnswer.Set();
            foreach (var client in asking)
            {
                var answer = client.ReadAnswer();
                Assert.Equal((200, bytes), (answer.Status, answer.Body.Length));
            }
        }
        finally
        {
            mayAnswer.Set();
            asking.ForEach(client => client.Dispose());
        }

        Assert.Single(app.Heads);
    }

    [Fact]
    public void An_answer_that_may_not_be_stored_makes_nobody_wait_for_another()
    {
        const int Clients = 12, Slots = 6;
        using var allAtWork = new CountdownEvent(Slots);
        using var mayAnswer = new ManualResetEventSlim();
        var asked = 0;
        var areApart = false;
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
            {
                // The first is the one whose answer tells that there is nothing to share.
                if (Interlocked.Increment(ref asked) == 1)
                {
                    mayAnswer.Wait(Patience);
                }
                else
                {
                    if (!allAtWork.IsSet) allAtWork.Signal();
                    // None of these answers until all slots are at work at the same time.
                    if (!allAtWork.Wait(Together)) Volatile.Write(ref areApart, true);
                }

                connection.Write("HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: 2\r\n\r\nok");
            }
        });
        using var door = Before(app, Slots);
        var clients = SideThread.Start(Clients, _ =>
        {
            using var client = new RawClient(door.EndPoint, limit: Patience);
            Assert.Equal("ok", client.Send(Get).ReadAnswer().Text);
        });
        door.AwaitActive(Clients);
        mayAnswer.Set();
        SideThread.JoinAll(clients);
        Assert.False(areApart, $"{app.WorkingMost} of the app's {Slots} slots were at work at once");
        Assert.Equal(Clients, app.Heads.Count);
    }

    [Fact]
    public void Of_an_app_that_has_shared_nothing_nobody_waits_for_another()
    {
        Assert.SkipUnless(CacheDoor.UnderTest is null, "the other caches make them wait");
        const int Clients = 4;
        using var allAtWork = new CountdownEvent(Clients);
        var areApart = false;
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is { } head)
            {
                var shares = head.Contains("/shared", StringComparison.Ordinal);
                if (!shares)
                {
                    allAtWork.Signal();
                    if (!allAtWork.Wait(Together)) Volatile.Write(ref areApart, true);
                }

                var field = shares ? "Cache-Control: max-age=60\r\n" : "";
                connection.Write($"HTTP/1.1 200 OK\r\n{field}Content-Length: 2\r\n\r\nok");
            }
        });
        using var door = Before(app, Clients, "safe");
        SideThread.RunAll(Clients, _ =>
        {
            using var client = new RawClient(door.EndPoint, limit: Patience);
            Assert.Equal("ok", client.Send(Get).ReadAnswer().Text);
        });
        Assert.False(areApart, "all slots worked at once, from the first request on");
        // It shares something now: what is asked for again is not asked of it.
        for (var i = 0; i < 3; i++)
        {
            using var client = new RawClient(door.EndPoint, limit: Patience);
            Assert.Equal("ok", client.Send("GET /shared HTTP/1.1\r\nHost: app.test\r\n\r\n").ReadAnswer().Text);
        }

        Assert.Equal(Clients + 1, app.Heads.Count);
    }

    [Fact]
    public void Followers_read_what_has_come_so_far()
    {
        using var mayAnswer = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
            {
                mayAnswer.Wait(Patience);
                connection.Write("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 10\r\n\r\nfirst");
                mayEnd.Wait(Patience);
                connection.Write("later");
            }
        });
        using var door = Before(app, slots: 4);
        using var fetcher = new RawClient(door.EndPoint, limit: Together).Send(Get);
        using var follower = new RawClient(door.EndPoint, limit: Together).Send(Get);
        try
        {
            door.AwaitActive(2);
            mayAnswer.Set();
            foreach (var client in new[] { fetcher, follower })
            {
                Assert.StartsWith("HTTP/1.1 200", client.ReadHead(), StringComparison.Ordinal);
                Assert.Equal("first"u8, client.ReadBytes(5));
            }

            using var late = new RawClient(door.EndPoint, limit: Together).Send(Get);
            late.ReadHead();
            Assert.Equal("first"u8, late.ReadBytes(5));
            mayEnd.Set();
            foreach (var client in new[] { fetcher, follower, late }) Assert.Equal("later"u8, client.ReadBytes(5));
        }
        finally
        {
            mayAnswer.Set();
            mayEnd.Set();
        }

        Assert.Single(app.Heads);
    }

    [Fact]
    public void Followers_have_their_answer_though_the_fetcher_s_client_leaves()
    {
        using var mayAnswer = new ManualResetEventSlim();
        using var app = Stored(1024, mayAnswer);
        using var door = Before(app, slots: 1);
        using var fetcher = new RawClient(door.EndPoint).Send(Get);
        Eventually.True(() => app.Heads.Count == 1, "the app is asked");
        using var follower = new RawClient(door.EndPoint, limit: Patience).Send(Get);
        door.AwaitActive(2);
        fetcher.Reset();
        mayAnswer.Set();
        Assert.Equal(1024, follower.ReadAnswer().Body.Length);
        Assert.Single(app.Heads);
    }

    [Fact]
    public void A_follower_asks_for_itself_where_the_fetcher_s_connection_ends()
    {
        using var mayEnd = new ManualResetEventSlim();
        var asked = 0;
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is not null)
            {
                mayEnd.Wait(Patience);
                if (Interlocked.Increment(ref asked) == 1)
                {
                    connection.Reset();
                    return;
                }

                connection.Write("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 2\r\n\r\nok");
            }
        });
        using var door = Before(app, slots: 1);
        using var fetcher = new RawClient(door.EndPoint, limit: Patience).Send(Get);
        Eventually.True(() => app.Heads.Count == 1, "the app is asked");
        using var follower = new RawClient(door.EndPoint, limit: Patience).Send(Get);
        using var another = new RawClient(door.EndPoint, limit: Patience).Send(Get);
        door.AwaitActive(3);
        mayEnd.Set();
        Assert.Equal("ok", follower.ReadAnswer().Text);
        Assert.Equal("ok", another.ReadAnswer().Text);
        // What the fetcher itself gets is the router's decision; the app is asked again by one, not by each.
        Assert.InRange(app.Heads.Count, 2, 3);
    }

    [Fact]
    public void A_follower_to_whom_the_variant_does_not_fit_gets_its_own()
    {
        using var mayAnswer = new ManualResetEventSlim();
        using var app = new ScriptedApp(connection =>
        {
            while (connection.ReadRequest() is { } head)
            {
                mayAnswer.Wait(Patience);
                var language = AppConnection.Field(head, "Accept-Language");
                connection.Write(
                    "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nVary: Accept-Language\r\n"
                    + $"Content-Length: 2\r\n\r\n{language}");
            }
        });
        using var door = Before(app, slots: 2);
        string[] languages = ["de", "en", "de", "en", "fr"];
        var clients = languages.Select(language => In(door, language)).ToArray();
        door.AwaitActive(clients.Length);
        mayAnswer.Set();
        for (var i = 0; i < clients.Length; i++)
        {
            Assert.Equal(languages[i], clients[i].ReadAnswer().Text);
            clients[i].Dispose();
        }

        Assert.Equal(3, app.Heads.Count);
        using var again = In(door, "en");
        Assert.Equal("en", again.ReadAnswer().Text);
        Assert.Equal(3, app.Heads.Count);
    }

    private static RawClient In(CacheDoor door, string language) =>
        new RawClient(door.EndPoint, limit: Patience).Send(
            $"GET /same HTTP/1.1\r\nHost: app.test\r\nAccept-Language: {language}\r\n\r\n");

    /// <summary>Answers, once it may, with what may be stored for a minute.</summary>
    private static ScriptedApp Stored(int bytes, ManualResetEventSlim mayAnswer) => new(connection =>
    {
        while (connection.ReadRequest() is not null)
        {
            mayAnswer.Wait(Patience);
            connection.Write(string.Create(CultureInfo.InvariantCulture,
                $"HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: {bytes}\r\n\r\n"));
            connection.Write(new string('x', bytes));
        }
    });

    /// <param name="profile">rfc: it looks up from the first request on; safe: from the first answer it stored.</param>
    private static CacheDoor Before(ScriptedApp app, int slots, string profile = "rfc")
    {
        var port = int.Parse(app.Address[(app.Address.IndexOf(':', StringComparison.Ordinal) + 1)..],
            CultureInfo.InvariantCulture);
        return CacheDoor.Start(
            CacheDoor.UnderTest ?? "weir-" + profile, new CacheSetup { To = port, Slots = slots, Admin = true });
    }
}
