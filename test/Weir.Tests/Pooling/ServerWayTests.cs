using System.Reflection;
using System.Security.Authentication;
using Weir.Beat;
using Weir.Core.Pooling.Addresses;
using Weir.Pooling;

namespace Weir.Tests.Pooling;

/// <summary>Two URLs share server connections only where they demand the same of them.</summary>
public sealed class ServerWayTests
{
    /// <summary>Each property, and a URL that differs from <see cref="Plain"/> in it.</summary>
    private static readonly Dictionary<string, string> Demands = new()
    {
        [nameof(ServerWay.Hosts)] = "postgres://app:s@db.other:5433/shop",
        [nameof(ServerWay.HostAddresses)] = $"{Plain}?hostaddr=10.0.0.1",
        [nameof(ServerWay.SocketDirectory)] = "postgres://app:s@/shop?host=/run/pg&port=5433",
        [nameof(ServerWay.Port)] = "postgres://app:s@db.internal:5434/shop",
        [nameof(ServerWay.Wanted)] = $"{Plain}?target_session_attrs=standby",
        [nameof(ServerWay.IsBalanced)] = $"{Plain}?load_balance_hosts=random",
        [nameof(ServerWay.SslMode)] = $"{Plain}?sslmode=require",
        [nameof(ServerWay.SslRootCert)] = $"{Plain}?sslrootcert=/ca.pem",
        [nameof(ServerWay.SslCert)] = $"{Plain}?sslcert=/own.pem",
        [nameof(ServerWay.SslKey)] = $"{Plain}?sslkey=/own.key",
        [nameof(ServerWay.SslPassword)] = $"{Plain}?sslpassword=x",
        [nameof(ServerWay.Tls)] = $"{Plain}?ssl_max_protocol_version=TLSv1.2",
        [nameof(ServerWay.IsTlsDirect)] = $"{Plain}?sslnegotiation=direct",
        [nameof(ServerWay.Demands)] = $"{Plain}?channel_binding=require",
        [nameof(ServerWay.Unmet)] = $"{Plain}?gssencmode=require",
        [nameof(ServerWay.Parameters)] = $"{Plain}?options=-c%20search_path%3Dx",
    };

    /// <summary>They follow from others.</summary>
    private static readonly string[] Derived = [nameof(ServerWay.IsUnix), nameof(ServerWay.Address)];

    /// <summary>Parameters of libpq's that make no server connection another, and why.</summary>
    private static readonly Dictionary<string, string> Indifferent = new()
    {
        ["user"] = "the pool's key has it beside the way",
        ["password"] = "whoever has it wrong does not get as far as a pool",
        ["passfile"] = "not read",
        ["dbname"] = "the pool's key has it beside the way",
        ["connect_timeout"] = "patience only",
        ["application_name"] = "set for each client",
        ["fallback_application_name"] = "the driver's own",
        ["client_encoding"] = "set for each client",
        ["keepalives"] = "Weir has its own",
        ["keepalives_idle"] = "Weir has its own",
        ["keepalives_interval"] = "Weir has its own",
        ["keepalives_count"] = "Weir has its own",
        ["tcp_user_timeout"] = "Weir has its own",
        ["replication"] = "said by the client, which has a connection of its own",
        ["gssdelegation"] = "no GSSAPI",
        ["gsslib"] = "no GSSAPI",
        ["krbsrvname"] = "no GSSAPI",
        ["sslcompression"] = "libpq itself overlooks it",
        ["sslsni"] = "the name is always told",
        ["sslkeylogfile"] = "never written",
    };

    private const string Plain = "postgres://app:s@db.internal:5433/shop";

    public static TheoryData<string> Names => [.. Demands.Keys];

    [Fact]
    public void Every_property_has_a_demand_here() =>
        Assert.Equal(
            typeof(ServerWay).GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Select(property => property.Name).Except(Derived).Order(),
            Demands.Keys.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void A_demand_of_its_own_makes_a_pool_of_its_own(string name)
    {
        var property = typeof(ServerWay).GetProperty(name)!;
        Assert.NotEqual(property.GetValue(Way(Plain)), property.GetValue(Way(Demands[name])));
        Assert.NotEqual(Way(Plain), Way(Demands[name]));
        // Equal by value, or every log-in would have a pool of its own.
        Assert.Equal(property.GetValue(Way(Demands[name])), property.GetValue(Way(Demands[name])));
        Assert.Equal(Way(Demands[name]), Way(Demands[name]));
        Assert.Equal(Way(Demands[name]).GetHashCode(), Way(Demands[name]).GetHashCode());

        var pools = Pools(new PoolOptions());
        var plain = pools.OfPass(Pass(Plain), "shop");
        Assert.Same(plain, pools.OfPass(Pass(Plain), "shop"));
        var other = pools.OfPass(Pass(Demands[name]), "shop");
        Assert.NotSame(plain, other);
        Assert.Equal(("shop/app", "shop/app#2"), (plain.Label, other.Label));
    }

    [Theory]
    [InlineData("sslmode=verify-full")]
    [InlineData("requiressl=1")]
    [InlineData("sslnegotiation=direct")]
    [InlineData("sslcert=/c")]
    [InlineData("sslkey=/k")]
    [InlineData("sslpassword=x")]
    [InlineData("sslcertmode=require")]
    [InlineData("sslcert=/c&sslkey=/k&sslcertmode=disable", "sslcert=/c&sslkey=/k")]
    [InlineData("sslrootcert=/r")]
    [InlineData("sslcrl=/l")]
    [InlineData("sslcrldir=/l")]
    [InlineData("requirepeer=postgres&host=/run/pg", "host=/run/pg")]
    [InlineData("ssl_min_protocol_version=TLSv1.3")]
    [InlineData("ssl_max_protocol_version=TLSv1.2")]
    [InlineData("gssencmode=require")]
    [InlineData("channel_binding=disable")]
    [InlineData("channel_binding=require")]
    [InlineData("require_auth=scram-sha-256")]
    [InlineData("require_auth=!password", "require_auth=password")]
    [InlineData("target_session_attrs=read-write")]
    [InlineData("target_session_attrs=primary", "target_session_attrs=read-write")]
    [InlineData("load_balance_hosts=random")]
    [InlineData("options=-c%20work_mem%3D1MB")]
    [InlineData("host=a")]
    [InlineData("host=a,b", "host=b,a")]
    [InlineData("hostaddr=10.0.0.1")]
    [InlineData("port=6000")]
    public void What_a_URL_demands_is_part_of_the_way(string demand, string without = "") =>
        Assert.NotEqual(Way($"{Plain}?{without}"), Way($"{Plain}?{demand}"));

    [Fact]
    public void What_makes_no_difference_does_not_divide_a_pool()
    {
        foreach (var (name, why) in Indifferent)
            Assert.True(Way(Plain).Equals(Way($"{Plain}?{name}=1")), $"{name}: {why}");
    }

    [Fact]
    public void Every_parameter_for_the_servers_side_is_acted_on_or_known_to_be_indifferent()
    {
        // Those that the app's own URL loses: they are Weir's to apply. Any other value than the usual one must show.
        var acted = typeof(ServerWayTests).GetMethod(nameof(What_a_URL_demands_is_part_of_the_way))!
            .GetCustomAttributes<InlineDataAttribute>()
            .SelectMany(data => ((string)data.Data[0]!).Split('&')).Select(pair => pair.Split('=')[0]).ToHashSet();
        foreach (var name in DatabaseUrl.UpstreamParameters)
        {
            Assert.True(acted.Contains(name) || Indifferent.ContainsKey(name) || name.StartsWith("service")
                || name.StartsWith("scram_"), $"{name}: is it a demand?");
        }
    }

    [Fact]
    public void The_houses_own_TLS_mode_is_a_demand_too()
    {
        var pools = Pools(new PoolOptions());
        var before = pools.OfPass(Pass(Plain), "shop");
        pools.Change(new PoolOptions { ServerTls = PgSslMode.VerifyFull });
        var after = pools.OfPass(Pass(Plain), "shop");
        Assert.NotSame(before, after);
        Assert.Equal(PgSslMode.VerifyFull, after.Target.Way.SslMode);
    }

    [Theory]
    [InlineData("", SslProtocols.Tls12 | SslProtocols.Tls13, "")]
    [InlineData("ssl_min_protocol_version=TLSv1", SslProtocols.Tls12 | SslProtocols.Tls13, "")]
    [InlineData("ssl_min_protocol_version=tlsv1.3", SslProtocols.Tls13, "")]
    [InlineData("ssl_max_protocol_version=TLSv1.2", SslProtocols.Tls12, "")]
    [InlineData("ssl_max_protocol_version=TLSv1.1", SslProtocols.None, "ssl_max_protocol_version: Weir speaks")]
    [InlineData("ssl_min_protocol_version=SSLv3", SslProtocols.Tls12 | SslProtocols.Tls13,
        "ssl_min_protocol_version: 'SSLv3' is none of TLSv1")]
    public void The_versions_of_TLS_are_those_that_the_URL_allows(
        string parameters, SslProtocols expected, string problem)
    {
        var way = Way($"{Plain}?{parameters}");
        Assert.Equal(expected, way.Tls);
        Assert.StartsWith(problem, way.Unmet);
        Assert.Equal(problem.Length == 0, way.Unmet.Length == 0);
    }

    [Fact]
    public void It_never_tells_what_is_secret() =>
        Assert.Equal("db.internal:5433", Way($"{Plain}?sslpassword=geheim").ToString());

    private static ServerWay Way(string url) => ServerWay.Of(Parse(url), null);

    private static PassBook.Pass Pass(string url) => new("web.1", Parse(url));

    private static DatabaseUrl Parse(string url) =>
        DatabaseUrl.Parse(url, out var problem) ?? throw new FormatException(problem);

    private static Weir.Pooling.Pools Pools(PoolOptions options) =>
        new(new PoolRooms { Heartbeat = new Heartbeat(), Spools = null! }, options);
}
