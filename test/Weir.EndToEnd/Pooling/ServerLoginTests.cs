using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
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
    [InlineData("scram", "scram", "sslmode=require&channel_binding=disable", true)]
    [InlineData("scram", "scram", "sslmode=require&require_auth=md5,scram-sha-256", true)]
    [InlineData("scram", "scram", "sslmode=disable&require_auth=!password,!md5", false)]
    [InlineData("app", "", "sslmode=disable&require_auth=none", false)]
    [InlineData("app", "", "sslmode=require&ssl_min_protocol_version=TLSv1.3", true)]
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

    [Theory]
    [InlineData("app", "", "sslmode=require&channel_binding=require", "28000", "SCRAM-SHA-256-PLUS")]
    [InlineData("plain", "plain", "sslmode=require&channel_binding=require", "28000", "SCRAM-SHA-256-PLUS")]
    [InlineData("md5", "md5", "sslmode=require&channel_binding=require", "28000", "SCRAM-SHA-256-PLUS")]
    [InlineData("scram", "scram", "sslmode=disable&channel_binding=require", "28000", "SCRAM-SHA-256-PLUS")]
    [InlineData("plain", "plain", "require_auth=scram-sha-256", "28000", "asks for password")]
    [InlineData("md5", "md5", "require_auth=!md5", "28000", "asks for md5")]
    [InlineData("app", "", "require_auth=password", "28000", "asks for no authentication")]
    [InlineData("app", "", "gssencmode=require", "08001", "does not speak GSSAPI")]
    [InlineData("app", "", "sslcrl=/crl", "08001", "revoked")]
    public void What_the_url_demands_and_the_server_does_not_give_is_told(
        string user, string password, string parameters, string code, string words)
    {
        using var server = Start();
        using var pool = PoolDoor.Start(PoolDoor.UnderTest, new PoolSetup
        {
            To = server.Port,
            User = user,
            Password = password,
            Parameters = parameters,
        });
        var fault = Assert.Throws<IOException>(
            () => PgRawClient.LogIn(pool.Port, user, PostgresServer.Database).Dispose());
        Assert.Contains(code, fault.Message, StringComparison.Ordinal);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_servers_unix_socket_knows_weir_by_its_user()
    {
        using var server = Start($"local all {Environment.UserName} peer");
        server.Do($"create role \"{Environment.UserName}\" login");
        var port = FreePort.Next();
        var to = string.Create(CultureInfo.InvariantCulture,
            $"postgres://{Environment.UserName}@/app?host={server.Folder}&port={server.Port}");
        using var process = ChildProcess.Start(
        [
            .. Checkout.Weir, "pool", "--to", to, "--auth", "trust", "--admin", "off",
            "--listen", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
        ]);
        process.WaitForPort(port, TimeSpan.FromSeconds(15));
        using var client = PgRawClient.LogIn(port, Environment.UserName, PostgresServer.Database);
        Assert.Equal(Environment.UserName, client.Do("select current_user"));
        Assert.Null(client.Do("select client_addr from pg_stat_activity where pid = pg_backend_pid()"));
    }

    /// <summary>
    /// What comes in clear where TLS was asked for is nobody's word (CVE-2024-10977), nor is what comes behind the
    /// server's yes, ahead of its handshake (CVE-2021-23222).
    /// </summary>
    [Theory]
    [InlineData("E\0\0\0\u0024SFATAL\0C28000\0Mvisit evil.example\0\0")]
    [InlineData("SR\0\0\0\u0008\0\0\0\0Z\0\0\0\u0005I")]
    public async Task Words_in_clear_before_tls_are_shown_to_nobody_and_believed_by_nobody(string answer)
    {
        using var impostor = new TcpListener(IPAddress.Loopback, 0);
        impostor.Start();
        var port = ((IPEndPoint)impostor.LocalEndpoint).Port;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var answers = AnswerAsync(impostor, Encoding.Latin1.GetBytes(answer), end.Token);
        using (var pool = PoolDoor.Start(PoolDoor.UnderTest, new PoolSetup
        {
            To = port,
            Parameters = "sslmode=require",
            Arguments = ["--pool-wait", "1s"],
        }))
        {
            var fault = Assert.Throws<IOException>(
                () => PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database).Dispose());
            Assert.Contains("08", fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("evil", fault.Message, StringComparison.Ordinal);
        }

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answers);
    }

    private static async Task AnswerAsync(TcpListener impostor, byte[] answer, CancellationToken end)
    {
        while (true)
        {
            using var socket = await impostor.AcceptSocketAsync(end);
            var request = new byte[8];
            var read = await socket.ReceiveAsync(request, end);
            if (read == request.Length)
                await socket.SendAsync(answer, end);
            // The client ends it.
            while (read > 0)
                read = await ReadAsync(socket, end);
        }
    }

    private static async Task<int> ReadAsync(Socket socket, CancellationToken end)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1024], end);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private static PostgresServer Start(params string[] access)
    {
        RealServer.Require("postgres");
        return PostgresServer.Start(new PostgresSetup { IsTlsOn = true, ConnectionsMax = 20, Access = access });
    }
}
