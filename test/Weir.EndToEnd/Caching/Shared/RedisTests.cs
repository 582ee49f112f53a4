using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Weir.Caching.Shared;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Caching.Shared;

/// <summary>Ways to a real Redis, and answers there and back.</summary>
public sealed class RedisTests
{
    [Fact]
    public void What_one_node_stores_another_finds_whatever_its_size()
    {
        using var redis = RedisServer.Start();
        using var one = RedisNode.Start(redis);
        using var two = RedisNode.Start(redis);
        Assert.Equal("Absent", two.Get("a"));
        foreach (var bytes in new[] { 0, 1, 16_383, 16_384, 65_536, 1_000_000, 8_000_000 })
        {
            var body = new byte[bytes];
            new Random(bytes).NextBytes(body);
            Assert.Equal(SharedPut.Stored, one.Put($"size {bytes}", body));
            var look = two.Look($"size {bytes}");
            Assert.Equal(SharedEnd.Found, look.End);
            Assert.True(body.AsSpan().SequenceEqual(look.Answer!.Body[0].Span));
        }

        Assert.Equal(SharedPut.TooBig, one.Put("big", new byte[8 * 1024 * 1024]));
        Assert.DoesNotContain("NoMessages", one.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_forgotten_with_the_end_of_its_use()
    {
        using var redis = RedisServer.Start();
        using var one = RedisNode.Start(redis);
        one.Put("a", "body");
        Assert.InRange(redis.Do("PTTL", redis.Only("weir:a:")).Number, 60_000, 89_000);
    }

    [Fact]
    public void Variants_are_found_by_names_that_only_the_store_knows()
    {
        using var redis = RedisServer.Start();
        using var one = RedisNode.Start(redis);
        using var two = RedisNode.Start(redis);
        one.Put("a", "packed", vary: "gzip");
        one.Put("a", "plain", vary: "identity");
        Assert.Equal("Found packed", two.Get("a", vary: "gzip"));
        Assert.Equal("Found plain", two.Get("a", vary: "identity"));
        Assert.Equal("Absent", two.Get("a", vary: "br"));
    }

    [Fact]
    public void A_unix_socket_and_another_database_are_ways_too()
    {
        using var redis = RedisServer.Start();
        using var one = RedisNode.Start($"unix://{redis.SocketPath}?db=3");
        using var two = RedisNode.Start(
            string.Create(CultureInfo.InvariantCulture, $"redis://localhost:{redis.Port}/3"));
        one.Put("a", "body");
        Assert.Equal("Found body", two.Get("a"));
        Assert.Empty(redis.Do("KEYS", "*").Items);
    }

    [Fact]
    public void Passwords_are_for_the_default_user_or_for_one_by_name()
    {
        using var redis = RedisServer.Start("geheim");
        redis.Do("ACL", "SETUSER", "weir", "on", ">p@ss/word", "~*", "&*", "+@all");
        using var one = RedisNode.Start(Url(redis, ":geheim@"));
        using var two = RedisNode.Start(Url(redis, "weir:p%40ss%2Fword@"));
        one.Put("a", "body");
        Assert.Equal("Found body", two.Get("a"));
        Assert.Contains("user=weir", redis.Do("CLIENT", "LIST").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "NOAUTH")]
    [InlineData(":geheimnis@", "WRONGPASS")]
    [InlineData("nobody:geheimnis@", "WRONGPASS")]
    public void A_wrong_password_is_said_without_it_and_keeps_the_tier_down(string credentials, string said)
    {
        using var redis = RedisServer.Start("geheim");
        using var one = new RedisNode(Url(redis, credentials));
        Eventually.True(() => one.Said.Contains(said, StringComparison.Ordinal), () => said + ": " + one.Said);
        Assert.Equal("Down", one.Get("a"));
        Assert.DoesNotContain("geheim", one.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void TLS_is_checked_by_root_and_by_name()
    {
        using var redis = RedisServer.StartSecure();
        var port = redis.TlsPort.ToString(CultureInfo.InvariantCulture);
        using var one = RedisNode.Start($"rediss://localhost:{port}?ca={redis.Certificate}");
        using var two = RedisNode.Start($"rediss://127.0.0.1:{port}?ca={redis.Certificate}&name=localhost");
        var body = new byte[1_000_000];
        new Random(1).NextBytes(body);
        Assert.Equal(SharedPut.Stored, one.Put("a", body));
        Assert.True(body.AsSpan().SequenceEqual(two.Look("a").Answer!.Body[0].Span));

        using var noRoot = new RedisNode($"rediss://localhost:{port}");
        using var otherName = new RedisNode($"rediss://127.0.0.1:{port}?ca={redis.Certificate}&name=other.example");
        using var noFile = new RedisNode($"rediss://localhost:{port}?ca={redis.Folder}/none.pem");
        using var noTls = new RedisNode(Url(redis, "").Replace("redis:", "rediss:", StringComparison.Ordinal));
        foreach (var node in new[] { noRoot, otherName, noFile, noTls })
        {
            Eventually.True(() => node.Said.Contains("Lost", StringComparison.Ordinal), "a log-in that fails");
            Assert.DoesNotContain("Connected", node.Said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_server_without_RESP3_is_used_and_heard_by_the_poll()
    {
        // As Redis 5: it does not know HELLO.
        using var redis = RedisServer.Start("geheim", "--rename-command", "HELLO", "");
        using var one = RedisNode.Start(
            Url(redis, ":geheim@"), options => options with { PollEvery = TimeSpan.FromMilliseconds(50) });
        Assert.Contains("NoMessages", one.Said, StringComparison.Ordinal);
        one.Put("a", "body");
        Assert.Equal("Found body", one.Get("a"));
        using var two = RedisNode.Start(Url(redis, ":geheim@"));
        two.Purge("a");
        Eventually.True(() => one.Notices == "a Soft Told", "a purge heard of by the poll");
    }

    [Fact]
    public void What_is_no_Redis_is_said_and_tried_again()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var one = new RedisNode(string.Create(
            CultureInfo.InvariantCulture, $"redis://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}"));
        for (var tries = 0; tries < 3; tries++)
        {
            using var client = listener.Accept();
            _ = client.Receive(new byte[100]);
            client.Send("HTTP/1.1 400 Bad Request\r\n\r\n"u8);
        }

        Assert.Contains("speaks no RESP", one.Said, StringComparison.Ordinal);
        Assert.Equal("Down", one.Get("a"));
    }

    [Fact]
    public void A_full_store_refuses_and_what_is_there_is_still_found()
    {
        using var redis = RedisServer.Start();
        using var one = RedisNode.Start(redis);
        one.Put("a", "body");
        redis.Do("CONFIG", "SET", "maxmemory", "1");
        Assert.Equal(SharedPut.Fault, one.Put("b", "body"));
        Assert.Equal(1, one.Tier.Counters[SharedFault.Refused]);
        Assert.Equal("Found body", one.Get("a"));
        // A purge cannot be counted either; it waits, and holds here.
        Assert.Equal(PurgeTelling.Waiting, one.Purge("a"));
        Assert.Equal("FoundPurged body", one.Get("a"));
        redis.Do("CONFIG", "SET", "maxmemory", "0");
        Assert.True(one.Tier.News.CatchUpAsync().GetAwaiter().GetResult());
        Assert.Equal(0, one.Tier.News.Waiting);
    }

    private static string Url(RedisServer redis, string credentials) =>
        string.Create(CultureInfo.InvariantCulture, $"redis://{credentials}127.0.0.1:{redis.Port}");
}
