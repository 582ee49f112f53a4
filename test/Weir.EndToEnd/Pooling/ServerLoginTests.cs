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

    [Theory]
    [InlineData("anyway", "allow", false)]
    [InlineData("secure", "allow", true)]
    [InlineData("clear", "allow", false)]
    [InlineData("anyway", "prefer", true)]
    [InlineData("secure", "prefer", true)]
    [InlineData("clear", "prefer", false)]
    public void Where_the_server_refuses_one_way_the_other_is_tried_as_libpq_does(
        string user, string mode, bool isEncrypted)
    {
        using var server = Start("hostssl all secure all trust", "hostnossl all secure all reject",
            "hostnossl all clear all trust", "hostssl all clear all reject");
        server.Do("create role anyway login; create role secure login; create role clear login");
        using var pool = PoolDoor.Start(PoolDoor.UnderTest, new PoolSetup
        {
            To = server.Port,
            User = user,
            Parameters = "sslmode=" + mode,
        });
        using var client = PgRawClient.LogIn(pool.Port, user, PostgresServer.Database);
        Assert.Equal(isEncrypted ? "t" : "f",
            client.Do("select ssl from pg_stat_ssl where pid = pg_backend_pid()"));
    }

    [Theory]
    [InlineData("allow")]
    [InlineData("prefer")]
    public void Refused_both_ways_the_servers_own_words_are_told(string mode)
    {
        using var server = Start("host all nobody all reject");
        server.Do("create role nobody login");
        using var pool = PoolDoor.Start(PoolDoor.UnderTest, new PoolSetup
        {
            To = server.Port,
            User = "nobody",
            Parameters = "sslmode=" + mode,
        });
        var fault = Assert.Throws<IOException>(
            () => PgRawClient.LogIn(pool.Port, "nobody", PostgresServer.Database).Dispose());
        Assert.Contains("28000", fault.Message, StringComparison.Ordinal);
        Assert.Contains("pg_hba.conf rejects connection", fault.Message, StringComparison.Ordinal);
    }

    private static PostgresServer Start(params string[] access)
    {
        RealServer.Require("postgres");
        return PostgresServer.Start(new PostgresSetup { IsTlsOn = true, ConnectionsMax = 20, Access = access });
    }
}
