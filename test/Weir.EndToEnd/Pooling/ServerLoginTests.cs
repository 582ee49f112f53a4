using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>The pooler logs in as the server wants it, in clear and over TLS.</summary>
public sealed class ServerLoginTests
{
    [Theory]
    [InlineData("app", "", "sslmode=disable", false)]
    [InlineData("scram", "scram", "sslmode=disable", false)]
    [InlineData("md5", "md5", "sslmode=disable", false)]
    [InlineData("plain", "plain", "sslmode=disable", false)]
    [InlineData("scram", "scram", "sslmode=prefer", true)]
    [InlineData("scram", "scram", "sslmode=require", true)]
    [InlineData("scram", "scram", "sslmode=require&channel_binding=require", true)]
    [InlineData("app", "", "sslmode=verify-ca&sslrootcert=CERTIFICATE", true)]
    [InlineData("app", "", "sslmode=verify-full&sslrootcert=CERTIFICATE", true)]
    public void A_server_lets_the_pooler_in(string user, string password, string parameters, bool isEncrypted)
    {
        using var server = Start();
        using var pool = PoolDoor.Start(PoolDoor.UnderTest, new PoolSetup
        {
            To = server.Port,
            User = user,
            Password = password,
            Parameters = parameters.Replace("CERTIFICATE", server.Certificate, StringComparison.Ordinal),
        });
        using var client = PgRawClient.LogIn(pool.Port, user, PostgresServer.Database);
        Assert.Equal(user, client.Do("select current_user"));
        var asked = client.Do("select ssl from pg_stat_ssl where pid = pg_backend_pid()");
        Assert.Equal(isEncrypted ? "t" : "f", asked);
    }

    [Theory]
    [InlineData("scram", "wrong", "sslmode=disable", "28P01")]
    [InlineData("nobody", "", "sslmode=disable", "28000")]
    public void A_client_is_told_what_the_server_said_to_the_pooler(
        string user, string password, string parameters, string code)
    {
        using var server = Start();
        PoolDoor pool;
        try
        {
            pool = PoolDoor.Start(PoolDoor.UnderTest, new PoolSetup
            {
                To = server.Port,
                User = user,
                Password = password,
                Parameters = parameters,
            });
        }
        catch (InvalidOperationException refused)
        {
            // Said at the start is as good.
            Assert.Contains(code, refused.Message, StringComparison.Ordinal);
            return;
        }

        using (pool)
        {
            using var client = new PgRawClient(pool.Port);
            var fault = Assert.Throws<IOException>(() =>
                client.LogIn(user, PostgresServer.Database).Do("select 1"));
            Assert.Contains(code, fault.Message, StringComparison.Ordinal);
        }
    }

    private static PostgresServer Start()
    {
        RealServer.Require("postgres");
        return PostgresServer.Start(new PostgresSetup { IsTlsOn = true, ConnectionsMax = 20 });
    }
}
