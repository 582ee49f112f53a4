using Weir.Core.Pooling.Addresses;
using Weir.Pooling;

namespace Weir.Tests.Pooling;

/// <summary>Which instance reaches its database how, and what is said of it.</summary>
public sealed class RunPoolTests
{
    private readonly List<string> _told = [];
    private readonly List<string> _admitted = [];
    private readonly List<PoolOptions> _opened = [];
    private int _gone;
    private PoolOptions _options = new();
    private PoolProbe _probe = new((string?)null) { ConnectionsMax = 100, Reserved = 3 };

    [Fact]
    public async Task Each_instance_has_a_url_of_its_own_and_all_else_as_it_was()
    {
        var environment = Environment(("DATABASE_URL", Urls.Plain), ("SECRET_KEY", "x"));
        var pool = Make();
        await pool.LookAsync(environment, 0);
        var (one, passes) = pool.Enter("web.1", environment);
        var (two, _) = pool.Enter("web.2", environment);
        Assert.Equal(["web.1", "web.2"], _admitted);
        Assert.Equal("postgres://web.1@pooler/shop", one["DATABASE_URL"]);
        Assert.Equal("postgres://web.2@pooler/shop", two["DATABASE_URL"]);
        Assert.Equal("x", one["SECRET_KEY"]);
        Assert.Equal(Urls.Plain, environment["DATABASE_URL"]);
        Assert.Equal(0, _gone);
        Assert.Single(passes).Dispose();
        Assert.Equal(1, _gone);
        Assert.Contains("DATABASE_URL: pooled at pooler, transaction mode, at most 20 connections to ",
            Assert.Single(_told), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mysql://a:b@c/d")]
    [InlineData("sqlite:///db.sqlite3")]
    [InlineData("")]
    [InlineData(null)]
    public async Task An_app_without_postgresql_is_left_alone_and_not_spoken_of(string? url)
    {
        var environment = url is null ? Environment() : Environment(("DATABASE_URL", url));
        var pool = Make();
        await pool.LookAsync(environment, 0);
        var (own, passes) = pool.Enter("web.1", environment);
        Assert.Equal(environment, own);
        Assert.Empty(passes);
        Assert.Empty(_told);
        Assert.Empty(_opened);
    }

    [Fact]
    public async Task Where_weir_cannot_log_in_the_original_stays_and_the_reason_is_told()
    {
        _probe = new PoolProbe("password authentication failed for user \"app\"");
        var environment = Environment(("DATABASE_URL", Urls.Plain));
        var pool = Make();
        await pool.LookAsync(environment, 0);
        Assert.Equal(Urls.Plain, pool.Enter("web.1", environment).Environment["DATABASE_URL"]);
        Assert.Contains("password authentication failed", Assert.Single(_told), StringComparison.Ordinal);
        Assert.Empty(_opened);
        // A restart finds it better.
        _probe = new PoolProbe((string?)null);
        await pool.LookAsync(environment, 0);
        Assert.NotEqual(Urls.Plain, pool.Enter("web.1", environment).Environment["DATABASE_URL"]);
    }

    [Fact]
    public async Task Switched_off_it_says_how_and_asks_no_server()
    {
        _options = new PoolOptions { Enabled = false };
        var environment = Environment(("DATABASE_URL", Urls.Plain), ("REPLICA_URL", Urls.Other));
        var pool = Make();
        await pool.LookAsync(environment, 0);
        Assert.Equal(environment, pool.Enter("web.1", environment).Environment);
        Assert.Equal(["DATABASE_URL: not pooled: pool.enabled is off (--pool-enabled)"], _told);
    }

    [Fact]
    public async Task What_forbids_pooling_is_named()
    {
        var environment = Environment(("DATABASE_URL", Urls.Plain));
        var pool = Make(forbidden: "run.1 is for one command");
        await pool.LookAsync(environment, 0);
        Assert.Equal(environment, pool.Enter("web.1", environment).Environment);
        Assert.Equal(["DATABASE_URL: not pooled: run.1 is for one command"], _told);
    }

    [Fact]
    public async Task Other_urls_are_named_and_left_alone_unless_they_are_asked_for()
    {
        var environment = Environment(("DATABASE_URL", Urls.Plain), ("REPLICA_URL", Urls.Other));
        var pool = Make();
        await pool.LookAsync(environment, 0);
        Assert.Equal(Urls.Other, pool.Enter("web.1", environment).Environment["REPLICA_URL"]);
        Assert.Contains(_told, line => line.StartsWith("REPLICA_URL: PostgreSQL too, left alone",
            StringComparison.Ordinal));
        _options = new PoolOptions { Variables = ["DATABASE_URL", "REPLICA_URL"] };
        await pool.LookAsync(environment, 0);
        var (own, passes) = pool.Enter("web.1", environment);
        Assert.Equal(2, passes.Count);
        Assert.Equal("postgresql://web.1@pooler/shop", own["REPLICA_URL"]);
    }

    [Fact]
    public async Task A_pooler_of_its_own_life_gets_the_apps_own_user_and_password()
    {
        var environment = Environment(("DATABASE_URL", Urls.Plain + "?application_name=shop"));
        var pool = Make(elsewhere: "10.0.0.9:6432");
        await pool.LookAsync(environment, 0);
        var url = DatabaseUrl.Parse(pool.Enter("web.1", environment).Environment["DATABASE_URL"], out _)!;
        Assert.Equal(("app", Urls.Secret, "shop"), (url.User, url.Password, url.Database));
        Assert.Equal(("10.0.0.9", 6432), Assert.Single(url.Hosts));
        Assert.Equal("shop", url.ApplicationName);
        Assert.Empty(_opened);
    }

    [Fact]
    public async Task A_changed_url_is_followed_once_it_was_looked_at()
    {
        var (before, after) = (Environment(("DATABASE_URL", Urls.Plain)), Environment(("DATABASE_URL", Urls.Heroku)));
        var pool = Make();
        await pool.LookAsync(before, 0);
        Assert.Equal(Urls.Heroku, pool.Enter("web.1", after).Environment["DATABASE_URL"]);
        await pool.LookAsync(after, 0);
        Assert.Equal("postgres://web.1@pooler/d8rdh", pool.Enter("web.1", after).Environment["DATABASE_URL"]);
        // The old set's instances, started again after a crash, have the old one.
        Assert.Equal("postgres://web.1@pooler/shop", pool.Enter("web.1", before).Environment["DATABASE_URL"]);
        Assert.Single(_opened);
    }

    [Fact]
    public async Task The_pooler_has_a_free_port_no_other_databases_and_a_size_that_the_server_has()
    {
        _options = new PoolOptions { Size = 200, Hosts = 2, SizeMin = 60, Mode = PoolMode.Session };
        var environment = Environment(("DATABASE_URL", Urls.Plain));
        await Make().LookAsync(environment, 8);
        var options = Assert.Single(_opened);
        Assert.Equal(["127.0.0.1:0"], options.Listen);
        Assert.Empty(options.Databases);
        Assert.Equal((48, 48, 1), (options.Size, options.SizeMin, options.Hosts));
        Assert.Equal(PoolMode.Session, options.Mode);
    }

    [Fact]
    public async Task With_auto_the_size_is_the_apps_slots()
    {
        _options = new PoolOptions { Size = 0 };
        await Make().LookAsync(Environment(("DATABASE_URL", Urls.Plain)), 8);
        Assert.Equal(8, Assert.Single(_opened).Size);
    }

    [Fact]
    public async Task A_pooler_that_cannot_be_opened_leaves_the_original()
    {
        var environment = Environment(("DATABASE_URL", Urls.Plain));
        var pool = Make(open: _ => throw new IOException("the pooler could not be opened (in use)"));
        await pool.LookAsync(environment, 0);
        Assert.Equal(environment, pool.Enter("web.1", environment).Environment);
        Assert.Contains("(in use)", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_line_shows_a_password()
    {
        _options = new PoolOptions { Variables = ["DATABASE_URL", "BROKEN_URL", "REPLICA_URL"] };
        var environment = Environment(("DATABASE_URL", Urls.Plain), ("OTHER_URL", Urls.Other),
            ("BROKEN_URL", $"postgres://app:{Urls.Secret}@db:port/x"), ("REPLICA_URL", Urls.Other));
        await Make().LookAsync(environment, 0);
        _probe = new PoolProbe("refused");
        await Make().LookAsync(environment, 0);
        Assert.NotEmpty(_told);
        Assert.All(_told, line => Assert.DoesNotContain(Urls.Secret, line, StringComparison.Ordinal));
        Assert.Contains(_told, line => line.StartsWith("BROKEN_URL: not pooled, its URL cannot be read",
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restart_that_changes_nothing_says_nothing()
    {
        var environment = Environment(("DATABASE_URL", Urls.Plain));
        var pool = Make();
        await pool.LookAsync(environment, 0);
        await pool.LookAsync(environment, 0);
        Assert.Single(_told);
        Assert.Single(_opened);
    }

    private static Dictionary<string, string> Environment(params (string Name, string Value)[] variables) =>
        variables.ToDictionary(pair => pair.Name, pair => pair.Value);

    private RunPool Make(string elsewhere = "", string forbidden = "", Func<PoolOptions, PoolDoor>? open = null) =>
        new(new RunPoolParts
        {
            ReadOptions = () => _options,
            Elsewhere = elsewhere,
            Forbidden = forbidden,
            SwitchedBy = () => "--pool-enabled",
            ProbeAsync = (_, _) => Task.FromResult(_probe),
            Open = open ?? Open,
            Tell = (line, _) => _told.Add(line),
        });

    private PoolDoor Open(PoolOptions options)
    {
        _opened.Add(options);
        return new PoolDoor("pooler", Admit, _ => { });
    }

    private PoolPass Admit(string instance, DatabaseUrl server)
    {
        _admitted.Add(instance);
        return new PoolPass($"{server.Scheme}://{instance}@pooler/{server.Database}", () => _gone++);
    }
}
