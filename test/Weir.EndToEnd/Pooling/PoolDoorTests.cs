using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>The first bytes of a connection: versions, requests for encryption, and what is none of them.</summary>
public sealed class PoolDoorTests(PostgresFixture postgres)
{
    private const int Protocol30 = 196608;
    private const int Protocol32 = 196610;
    private const int GssCode = 80877104;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(Protocol30, 4)]
    [InlineData(Protocol32, 32)]
    public void A_version_has_its_length_of_cancel_key_and_it_cancels(int version, int bytes)
    {
        using var pool = postgres.Pool(1);
        using var client = new PgRawClient(pool.Port);
        client.Send(new PgBatch().StartupAs(
            version, ("user", PostgresServer.User), ("database", PostgresServer.Database)));
        client.ReadTo('Z');
        Assert.Equal(bytes, client.Secret.Length);
        // No other test's: a cancel that comes before its query is lost.
        client.Send(new PgBatch().Query($"select pg_sleep(60), {version}"));
        using var watch = postgres.Server.Connect();
        Eventually.True(() => watch.Do("select count(*) from pg_stat_activity"
            + $" where query = 'select pg_sleep(60), {version}' and state = 'active'") == "1", "the query runs");
        client.Cancel();
        Assert.Equal("57014", client.ReadAnswer().Code);
        // A key that is wrong in its last byte cancels nothing.
        client.Secret[^1] ^= 1;
        client.Send(new PgBatch().Query("select pg_sleep(0.5), 'whole'"));
        client.Cancel();
        Assert.Equal("", client.ReadAnswer().Fault);
    }

    [Fact]
    public void It_has_as_many_io_threads_as_it_is_told()
    {
        using var pool = postgres.Pool(1, "--edge-io-threads", "3");
        // A thread names itself, when it runs.
        Eventually.True(() => Names().SequenceEqual(["weir io 0", "weir io 1", "weir io 2"]),
            () => "three: " + string.Join(", ", Names()));

        IEnumerable<string> Names() => LiveProcesses.ThreadNames(pool.ProcessId)
            .Where(name => name.StartsWith("weir io", StringComparison.Ordinal)).Order();
    }

    [Theory]
    [InlineData(Protocol32 + 7, "", 2, "")]
    [InlineData(Protocol30, "_pq_.shoes", 0, "_pq_.shoes")]
    [InlineData(Protocol32 + 7, "_pq_.shoes", 2, "_pq_.shoes")]
    public void What_is_newer_than_weir_is_negotiated(int version, string option, int minor, string refused)
    {
        using var pool = postgres.Pool();
        using var client = new PgRawClient(pool.Port);
        (string, string)[] more = option.Length > 0 ? [(option, "on")] : [];
        client.Send(new PgBatch().StartupAs(
            version, [("user", PostgresServer.User), ("database", PostgresServer.Database), .. more]));
        var told = client.Read()!.Value;
        Assert.Equal('v', told.Kind);
        Assert.Equal(minor, told.Int32() & 0xFFFF);
        Assert.Equal(refused, string.Join(' ', told.Strings(skip: 8).Where(name => name.Length > 0)));
        client.ReadTo('Z');
        Assert.Equal("1", client.Do("select 1"));
    }

    [Fact]
    public void Who_asks_for_encryption_where_there_is_none_is_told_so_and_goes_on()
    {
        using var pool = postgres.Pool();
        using var client = new PgRawClient(pool.Port);
        client.Send(Gss());
        Assert.Equal('N', client.ReadByte());
        client.Send(new PgBatch().Ssl());
        Assert.Equal('N', client.ReadByte());
        client.LogIn(PostgresServer.User, PostgresServer.Database);
        Assert.Equal("1", client.Do("select 1"));
    }

    [Fact]
    public void A_second_request_for_the_same_and_bytes_behind_one_end_the_connection()
    {
        using var pool = postgres.Pool();
        using (var client = new PgRawClient(pool.Port))
        {
            client.Send(new PgBatch().Ssl());
            Assert.Equal('N', client.ReadByte());
            client.Send(new PgBatch().Ssl());
            Assert.Equal("08P01", client.Read()?.Field('C'));
            Assert.True(client.IsClosedWithin(Soon));
        }

        // What was sent before the answer would pass for encrypted later (CVE-2021-23222).
        using var early = new PgRawClient(pool.Port);
        early.Send([.. new PgBatch().Ssl().Bytes,
            .. new PgBatch().Startup(PostgresServer.User, PostgresServer.Database).Bytes]);
        Assert.Equal("08P01", early.Read()?.Field('C'));
        Assert.True(early.IsClosedWithin(Soon));
    }

    [Theory]
    [InlineData("postgresql", true)]
    [InlineData("http/1.1", false)]
    public void Tls_from_the_first_byte_needs_postgresqls_own_name(string protocol, bool isServed)
    {
        var startup = new PgBatch().Startup(PostgresServer.User, PostgresServer.Database);
        Assert.Equal(isServed ? "R" : "", AnswerInsideTls(protocol, startup, bytes: 1));
    }

    [Fact]
    public void A_request_for_encryption_inside_of_one_is_refused()
    {
        var told = AnswerInsideTls("postgresql", new PgBatch().Ssl(), bytes: 200);
        Assert.StartsWith("E", told, StringComparison.Ordinal);
        Assert.Contains("a second request for encryption", told, StringComparison.Ordinal);
    }

    /// <summary>What a pooler that wants TLS says to bytes within it; empty: it closed without a word.</summary>
    private string AnswerInsideTls(string protocol, PgBatch sent, int bytes)
    {
        var folder = TemporaryFolder.Make();
        try
        {
            using var authority = new TestAuthority(folder, "authority");
            var (certificate, key) = authority.Sign("server", "CN=localhost");
            using var pool = postgres.Pool(
                4, "--pool-tls", "require", "--pool-tls-certificate", certificate, "--pool-tls-key", key);
            using var socket = new TcpClient("127.0.0.1", pool.Port);
            using var tls = new SslStream(socket.GetStream());
            tls.ReadTimeout = (int)Soon.TotalMilliseconds;
            var told = new byte[bytes];
            var count = 0;
            try
            {
                tls.AuthenticateAsClient(new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    ApplicationProtocols = [new SslApplicationProtocol(protocol)],
                    RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Issuer == "CN=authority",
                });
                tls.Write(sent.Bytes);
                count = tls.ReadAtLeast(told, bytes, throwOnEndOfStream: false);
            }
            catch (Exception fault) when (fault is IOException or AuthenticationException)
            {
                // Refused within the handshake, or closed behind it.
            }

            return Encoding.Latin1.GetString(told, 0, count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_unix_socket_is_found_by_psql()
    {
        var psql = RealServer.Require("psql");
        var folder = TemporaryFolder.Make();
        try
        {
            using var process = ChildProcess.Start(
            [
                .. Checkout.Weir, "pool", "--to", postgres.Server.Url(), "--auth", "trust", "--admin", "off",
                "--listen", $"unix:{folder}/.s.PGSQL.6432",
            ]);
            Eventually.True(() => File.Exists($"{folder}/.s.PGSQL.6432"), "it listens");
            using var client = ChildProcess.Start([psql, "-X", "-A", "-t", "-w", "-h", folder, "-p", "6432",
                "-U", PostgresServer.User, "-d", PostgresServer.Database, "-c", "select 'through'"]);
            Assert.True(client.WaitForExit(Soon), client.Output);
            Assert.Equal("through", client.Output.Trim());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static TheoryData<string> Broken => [.. Packets.Keys];

    /// <summary>Before any log-in, or as its parts.</summary>
    private static readonly Dictionary<string, byte[]> Packets = new()
    {
        ["a length of nothing"] = [0, 0, 0, 0],
        ["a length below its own"] = [0, 0, 0, 7, 0, 3, 0, 0],
        ["a length beyond the bound"] = [0, 1, 0, 0, 0, 3, 0, 0],
        ["a negative length"] = [0xff, 0xff, 0xff, 0xff, 0, 3, 0, 0],
        ["an unknown code"] = [0, 0, 0, 8, 9, 9, 9, 9],
        ["protocol 2"] = [0, 0, 0, 8, 0, 2, 0, 0],
        ["no end of the list"] = Startup("user\0app\0database\0app\0"),
        ["no end of a value"] = Startup("user\0app"),
        ["no user"] = Startup("database\0app\0\0"),
        ["an empty user"] = Startup("user\0\0\0"),
        ["bytes behind the list"] = Startup("user\0app\0\0more"),
        ["a cancel that is cut short"] = [0, 0, 0, 12, 0x04, 0xd2, 0x16, 0x2e, 0, 0, 0, 1],
        ["a cancel with a key of 300 bytes"] = [0, 0, 1, 0x38, 0x04, 0xd2, 0x16, 0x2e, .. new byte[304]],
        ["http"] = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_first_packet_is_refused_and_harms_nobody(string packet)
    {
        using var pool = postgres.Pool();
        using (var client = new PgRawClient(pool.Port))
        {
            client.Send(Packets[packet]);
            while (client.Read() is { } told)
                Assert.Equal('E', told.Kind);
        }

        Serves(pool);
    }

    public static TheoryData<string> Malformed => [.. Messages.Keys];

    private static readonly Dictionary<string, byte[]> Messages = new()
    {
        ["an unknown kind"] = Message('~', []),
        ["a length below its own"] = [(byte)'Q', 0, 0, 0, 3],
        ["a negative length"] = [(byte)'Q', 0xff, 0xff, 0xff, 0xff],
        ["a gigabyte"] = [(byte)'B', 0x7f, 0xff, 0xff, 0xff],
        ["a Parse without an end"] = Message('P', "name"u8),
        ["a Parse with more types than it has"] = Message('P', [0, 0, 0, 9]),
        ["a Bind without an end"] = Message('B', "portal"u8),
        ["a Describe of nothing"] = Message('D', []),
        ["a Sync with a body"] = Message('S', [1]),
        ["a password behind the log-in"] = Message('p', "secret\0"u8),
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_message_ends_its_own_session_only(string message)
    {
        using var pool = postgres.Pool(1);
        using (var client = PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database))
        {
            client.Do("begin; create temp table mine (a int); select pg_advisory_lock(7)");
            client.Send(Messages[message]);
            var code = "";
            while (client.Read() is { } told)
                code = told.Kind == 'E' ? told.Field('C') : code;
            Assert.StartsWith("08", code, StringComparison.Ordinal);
        }

        Serves(pool);
        using var next = PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
        Assert.Equal("t", next.Do("select pg_try_advisory_lock(7)"));
        Assert.Equal("42P01", next.Query("select * from mine").Code);
        next.Do("select pg_advisory_unlock(7)");
    }

    private static void Serves(PoolDoor pool)
    {
        using var client = PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
        Assert.Equal("1", client.Do("select 1"));
        Assert.False(pool.Process!.HasExited);
        Assert.DoesNotContain("Exception", pool.Process.Output, StringComparison.Ordinal);
    }

    private static byte[] Gss()
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), GssCode);
        return bytes;
    }

    private static byte[] Startup(string parameters)
    {
        var bytes = new byte[8 + parameters.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), Protocol30);
        Encoding.ASCII.GetBytes(parameters, bytes.AsSpan(8));
        return bytes;
    }

    private static byte[] Message(char kind, ReadOnlySpan<byte> body)
    {
        var bytes = new byte[5 + body.Length];
        bytes[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), 4 + body.Length);
        body.CopyTo(bytes.AsSpan(5));
        return bytes;
    }
}
