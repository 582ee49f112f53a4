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
        var options = new PoolOptions();
        var rooms = new PoolRooms
        {
            Heartbeat = new Heartbeat(),
            Spools = null!,
        };
        var gate = new PoolGate(options, new Weir.Pooling.Pools(rooms, options), new PassBook(), _ => false);
        var peer = new ClientPeer("127.0.0.1", 1, 0, -1, false);
        var session = new ClientSession(rooms, gate, new MemoryWire(), peer);
        var book = new CancelBook();
        var (pid, secret) = book.Add(session, bytes);
        var (other, _) = book.Add(session, bytes);
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
        book.Remove(pid);
        Assert.Null(book.Find(pid, secret));
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
