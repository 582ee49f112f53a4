using Weir.Core.Pooling.Addresses;

namespace Weir.Tests.Pooling.Addresses;

public sealed class LoginDemandsTests
{
    [Theory]
    [InlineData("", "password md5 scram-sha-256 plus none")]
    [InlineData("channel_binding=prefer", "password md5 scram-sha-256 plus none")]
    [InlineData("channel_binding=require", "plus")]
    [InlineData("require_auth=scram-sha-256", "scram-sha-256 plus")]
    [InlineData("require_auth=md5,none", "md5 none")]
    [InlineData("require_auth=!password,!none", "md5 scram-sha-256 plus")]
    [InlineData("require_auth=gss", "")]
    [InlineData("require_auth=scram-sha-256&channel_binding=require", "plus")]
    public void A_url_says_how_a_server_may_ask(string parameters, string allowed)
    {
        var demands = Read(parameters, out var problem);
        Assert.Equal("", problem);
        string[] all = ["password", "md5", "scram-sha-256", "plus", "none"];
        Assert.Equal(allowed, string.Join(' ', all.Where(method =>
            demands.Against(method == "plus" ? "scram-sha-256" : method, isBound: method == "plus") is null)));
    }

    [Theory]
    [InlineData("channel_binding=always", "channel_binding: 'always' is not disable, prefer or require")]
    [InlineData("require_auth=md5,!none", "require_auth: methods that are required and")]
    [InlineData("require_auth=kerberos", "require_auth: no such method: kerberos")]
    [InlineData("gssencmode=require", "gssencmode=require: Weir does not speak GSSAPI")]
    [InlineData("sslcrl=/crl", "sslcrl, sslcrldir: ")]
    [InlineData("sslcertmode=require", "sslcertmode=require: ")]
    [InlineData("host=/run/pg&requirepeer=postgres", "requirepeer: ")]
    public void What_cannot_be_met_is_a_problem(string parameters, string problem)
    {
        Read(parameters, out var told);
        Assert.StartsWith(problem, told);
    }

    [Theory]
    [InlineData("gssencmode=prefer")]
    [InlineData("requirepeer=postgres")]
    [InlineData("sslcertmode=allow")]
    public void What_changes_nothing_is_none(string parameters)
    {
        Read(parameters, out var told);
        Assert.Equal("", told);
    }

    private static LoginDemands Read(string parameters, out string problem)
    {
        var host = parameters.Contains("host=", StringComparison.Ordinal) ? "" : "db";
        return LoginDemands.Read(DatabaseUrl.Parse($"postgres://u@{host}/d?{parameters}", out _)!, out problem);
    }
}
