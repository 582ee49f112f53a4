using System.Net;
using Weir.Control;

namespace Weir.Tests.Control;

public sealed class AdminGuardTests
{
    [Theory]
    [InlineData("127.0.0.1:9900", null, true)]
    [InlineData("localhost:9900", null, true)]
    [InlineData("LOCALHOST:9900", "http://LOCALHOST:9900", true)]
    [InlineData("[::1]:9900", null, true)]
    [InlineData("127.8.9.1", null, true)]
    [InlineData("evil.example:9900", null, false)]
    [InlineData("localhost.evil.example:9900", null, false)]
    [InlineData("127.0.0.1.nip.io:9900", null, false)]
    [InlineData("10.0.0.1:9900", null, false)]
    [InlineData("", null, false)]
    [InlineData("127.0.0.1:9900", "http://127.0.0.1:9900", true)]
    [InlineData("127.0.0.1:9900", "http://127.0.0.1:8080", false)]
    [InlineData("127.0.0.1:9900", "https://127.0.0.1:9900", false)]
    [InlineData("127.0.0.1:9900", "http://evil.example", false)]
    [InlineData("127.0.0.1:9900", "null", false)]
    [InlineData("127.0.0.1:9900", "", false)]
    public void A_look_over_tcp_needs_a_loopback_host_and_no_other_origin(string host, string? origin, bool passes)
    {
        var guard = new AdminGuard("", IPAddress.Loopback);
        Assert.Equal(passes, guard.Refuse(Caller(host, origin)) is null);
    }

    [Theory]
    [InlineData("s3cret", "Bearer s3cret", true)]
    [InlineData("s3cret", "bearer s3cret", true)]
    [InlineData("s3cret", "Bearer s3cret2", false)]
    [InlineData("s3cret", "Bearer ", false)]
    [InlineData("s3cret", "Basic s3cret", false)]
    [InlineData("s3cret", null, false)]
    [InlineData("", "Bearer ", false)]
    [InlineData("", null, false)]
    public void An_act_over_tcp_needs_the_token(string token, string? authorization, bool passes)
    {
        var guard = new AdminGuard(token, IPAddress.Loopback);
        var caller = Caller("127.0.0.1:9900", null) with { IsAct = true, Authorization = authorization };
        Assert.Equal(passes, guard.Refuse(caller) is null);
    }

    [Fact]
    public void The_token_opens_nothing_to_a_foreign_page()
    {
        var guard = new AdminGuard("s3cret", IPAddress.Loopback);
        var caller = Caller("evil.example", null) with { IsAct = true, Authorization = "Bearer s3cret" };
        Assert.NotNull(guard.Refuse(caller));
    }

    [Fact]
    public void The_unix_socket_is_guarded_by_its_mode_alone() =>
        Assert.Null(new AdminGuard("s3cret", null)
            .Refuse(Caller("any", null) with { IsUnixSocket = true, IsAct = true }));

    [Theory]
    [InlineData("0.0.0.0", "10.1.2.3", true)]
    [InlineData("0.0.0.0", "weir.internal", false)]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.4", false)]
    public void On_another_address_an_address_is_its_own_host(string listen, string host, bool passes) =>
        Assert.Equal(passes, new AdminGuard("", IPAddress.Parse(listen)).Refuse(Caller(host, null)) is null);

    [Theory]
    [InlineData("127.0.0.1:9900", "127.0.0.1:9900", null)]
    [InlineData("9901", "127.0.0.1:9901", null)]
    [InlineData(":9901", "127.0.0.1:9901", null)]
    [InlineData("localhost:1", "127.0.0.1:1", null)]
    [InlineData("[::1]:5", "[::1]:5", null)]
    [InlineData("unix:/run/w.sock", null, "/run/w.sock")]
    [InlineData("off", null, null)]
    public void An_address_is_read(string text, string? tcp, string? unix)
    {
        var address = AdminAddress.Parse(text)!;
        Assert.Equal((tcp, unix), (address.Tcp?.ToString(), address.Unix));
    }

    [Theory]
    [InlineData("unix:")]
    [InlineData("example.com:80")]
    [InlineData("99999")]
    [InlineData("1.2.3.4")]
    public void What_is_no_address_is_none(string text) => Assert.Null(AdminAddress.Parse(text));

    private static AdminCaller Caller(string hostAndPort, string? origin) => new()
    {
        IsUnixSocket = false,
        IsAct = false,
        Host = new Microsoft.AspNetCore.Http.HostString(hostAndPort).Host,
        HostAndPort = hostAndPort,
        Origin = origin,
    };
}
