using Weir.Core.Pooling.Addresses;
using Weir.Pooling;

namespace Weir.Tests.Pooling;

/// <summary>What `weir pool` may open, where its servers tell what they take.</summary>
public sealed class ServerBoundsTests
{
    private readonly List<string> _asked = [];
    private PoolProbe _probe = new((string?)null) { ConnectionsMax = 100, Reserved = 3 };

    [Theory]
    [InlineData(20, 1, 20, "")]
    [InlineData(97, 1, 97, "")]
    [InlineData(200, 1, 97,
        "shop: at most 97 connections instead of 200: the server takes 100, keeps 3 of them for itself")]
    [InlineData(200, 4, 24, "shop: at most 24 connections instead of 50: the server takes 100, keeps 3 of them for "
        + "itself, and 4 hosts share it")]
    public async Task A_pool_is_kept_under_what_its_server_takes(int asked, int hosts, int size, string told)
    {
        var options = Options(asked) with { Hosts = hosts };
        var bounds = Bounds();
        Assert.True(await bounds.AskAsync(options.Databases));
        var bounded = bounds.Apply(options);
        Assert.Equal(size, PoolLimits.Of(bounded, bounded.Databases[0], null, 0).Lease.SizeMax);
        // Also where a user of its own has more.
        var user = new PoolUser { Name = "app", Size = 500 };
        Assert.InRange(PoolLimits.Of(bounded, bounded.Databases[0], user, 0).Lease.SizeMax, 1, 97 / hosts);
        Assert.Equal(told, string.Join("; ", bounds.Tell(bounded)));
        Assert.Equal(bounded.Databases, bounds.Apply(bounded).Databases);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_bounds_nothing_and_is_asked_again()
    {
        var options = Options(200);
        var bounds = Bounds();
        _probe = new PoolProbe("connection refused");
        Assert.False(await bounds.AskAsync(options.Databases));
        Assert.Null(bounds.Apply(options).Databases[0].ServerMax);
        Assert.Empty(bounds.Tell(options));
        _probe = new PoolProbe((string?)null) { ConnectionsMax = 50 };
        Assert.True(await bounds.AskAsync(options.Databases));
        Assert.True(await bounds.AskAsync(options.Databases));
        Assert.Equal(50, bounds.Apply(options).Databases[0].ServerMax);
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task Where_each_works_as_itself_there_is_nobody_to_ask_as()
    {
        var options = Options(200, "postgres://db.example/shop");
        Assert.True(await Bounds().AskAsync(options.Databases));
        Assert.Empty(_asked);
    }

    private ServerBounds Bounds() => new(url =>
    {
        _asked.Add(url.Redacted);
        return Task.FromResult(_probe);
    });

    private static PoolOptions Options(int size, string url = "postgres://app:secret@db.example/shop") => new()
    {
        Size = size,
        Databases = [PoolDatabase.Of(DatabaseUrl.Parse(url, out _)!)],
    };
}
