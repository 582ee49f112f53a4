using Weir.Core.Pooling.Addresses;
using Weir.Pooling;

namespace Weir.Tests.Pooling;

/// <summary>TLS is for the way to the server, wherever it was asked for.</summary>
public sealed class LibpqVariablesTests
{
    [Theory]
    [InlineData("?sslmode=verify-full", "", "", "verify-full")]
    [InlineData("", "PGSSLMODE", "require", "require")]
    [InlineData("?sslmode=verify-full", "PGSSLMODE", "require", "verify-full")]
    [InlineData("?application_name=a", "PGSSLMODE", "require", "require")]
    [InlineData("", "PGSSLMODE", "", null)]
    [InlineData("", "", "", null)]
    public void The_url_goes_before_the_environment(string query, string variable, string value, string? mode)
    {
        var environment = new Dictionary<string, string> { [variable] = value };
        var url = LibpqVariables.Parse(Urls.Plain + query, environment, out _)!;
        Assert.Equal(mode, url.Get("sslmode"));
        Assert.Equal(Urls.Secret, url.Password);
    }

    [Fact]
    public void A_password_of_the_environment_counts_where_the_url_has_none()
    {
        var environment = new Dictionary<string, string> { ["PGPASSWORD"] = "e" };
        Assert.Equal("e", LibpqVariables.Parse("postgres://a@b/c", environment, out _)!.Password);
        Assert.Equal(Urls.Secret, LibpqVariables.Parse(Urls.Plain, environment, out _)!.Password);
    }

    [Theory]
    [InlineData("", "postgres://x/y", "postgres://x/y")]
    [InlineData("?sslmode=require", "postgres://x/y", "postgres://x/y?sslmode=disable")]
    [InlineData("?sslmode=require", "postgres://x/y?a=b", "postgres://x/y?a=b&sslmode=disable")]
    [InlineData("?sslmode=require", "postgres://x/y?sslmode=allow", "postgres://x/y?sslmode=allow")]
    [InlineData("?channel_binding=require&sslmode=require", "postgres://x/y",
        "postgres://x/y?sslmode=disable&channel_binding=disable")]
    [InlineData("?sslrootcert=/a.pem", "postgres://x/y", "postgres://x/y")]
    public void On_loopback_the_word_is_said_that_was_said_before(string query, string given, string told) =>
        Assert.Equal(told, LibpqVariables.OnLoopback(given, DatabaseUrl.Parse(Urls.Plain + query, out _)!));
}
