using Weir.Beat;
using Weir.Core.Pooling.Addresses;
using Weir.Core.Pooling.Secrets;
using Weir.Pooling;
using Weir.Tests.Support;

namespace Weir.Tests.Pooling;

/// <summary>By what the pooler knows instances, cancels and passwords.</summary>
public sealed class PassBookTests
{
    [Fact]
    public void A_pass_is_an_instances_own_until_it_goes()
    {
        var book = new PassBook();
        Assert.False(book.HasAny);
        var server = DatabaseUrl.Parse(Urls.Plain, out _)!;
        var (first, _) = book.Add("web.1", server);
        var (second, _) = book.Add("web.2", server);
        Assert.NotEqual(first, second);
        Assert.Equal(32, first.Length);
        Assert.Equal(("web.1", "app"), (book.Find(first)!.Instance, book.Find(first)!.User));
        book.Remove(first);
        Assert.Null(book.Find(first));
        Assert.Equal("web.2", book.Find(second)!.Instance);
        book.Remove(second);
        Assert.Null(book.Find(""));
        // Nobody gets in without one even when the last instance has gone.
        Assert.True(book.HasAny);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(32)]
    public void Only_the_whole_key_finds_whom_to_cancel(int bytes)
    {
        var session = Session();
        var book = new CancelBook();
        var key = book.Add(session, bytes);
        var (pid, secret) = (key.Pid, key.Secret);
        var other = book.Add(session, bytes).Pid;
        Assert.NotEqual(pid, other);
        Assert.Equal(bytes, secret.Length);
        Assert.Same(session, book.Find(pid, secret));
        for (var bit = 0; bit < 8 * bytes; bit++)
        {
            var wrong = (byte[])secret.Clone();
            wrong[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(book.Find(pid, wrong));
        }

        Assert.Null(book.Find(pid, secret.AsSpan()[..^1]));
        Assert.Null(book.Find(pid, []));
        Assert.Null(book.Find(other, secret));
        book.Remove(key);
        Assert.Null(book.Find(pid, secret));
    }

    /// <summary>In session mode clients have their server's process id; two servers may have the same one.</summary>
    [Fact]
    public void Clients_of_one_process_id_are_told_apart_by_their_secrets()
    {
        var book = new CancelBook();
        ClientSession[] sessions = [Session(), Session(), Session()];
        var keys = sessions.Select(session => book.Add(session, 4, pid: 4711)).ToArray();
        Assert.All(keys, key => Assert.Equal(4711, key.Pid));
        // Whoever goes first, the others are still found, and nobody else is by a key that has gone.
        foreach (var gone in new[] { 1, 2, 0 })
        {
            foreach (var (key, session) in keys.Zip(sessions))
                Assert.True(book.Find(4711, key.Secret) is not { } found || found == session);
            Assert.Same(sessions[gone], book.Find(4711, keys[gone].Secret));
            book.Remove(keys[gone]);
            Assert.Null(book.Find(4711, keys[gone].Secret));
        }

        Assert.NotEqual(4711, book.Add(Session(), 4).Pid);
    }

    private static ClientSession Session()
    {
        var options = new PoolOptions();
        var rooms = new PoolRooms { Heartbeat = new Heartbeat(), Spools = null! };
        var gate = new PoolGate(options, new Weir.Pooling.Pools(rooms, options), new PassBook(), () => false);
        return new ClientSession(rooms, gate, new MemoryWire(), new ClientPeer("127.0.0.1", 1, 0, -1, false));
    }

    [Fact]
    public void A_password_is_checked_against_each_kind_of_secret()
    {
        var scram = ScramSecret.Of("open sesame", new byte[16], 4096).ToString();
        string?[] secrets = ["open sesame", Md5Secret.Hash("ali", "open sesame"), scram];
        foreach (var secret in secrets)
        {
            Assert.True(SecretCheck.Matches(secret, "ali", "open sesame"u8), secret);
            Assert.False(SecretCheck.Matches(secret, "ali", "open sesam"u8), secret);
            Assert.False(SecretCheck.Matches(secret, "ali", []), secret);
            // A stored hash is no password.
            if (secret != "open sesame")
                Assert.False(SecretCheck.Matches(secret, "ali", System.Text.Encoding.UTF8.GetBytes(secret!)), secret);
        }

        Assert.False(SecretCheck.Matches(secrets[1], "baba", "open sesame"u8));
        Assert.False(SecretCheck.Matches(null, "ali", "open sesame"u8));
        Assert.False(SecretCheck.Matches("", "ali", []));
    }
}
