using Weir.Core.Pooling.Addresses;

namespace Weir.Tests.Pooling.Addresses;

public sealed class DatabaseUrlTests
{
    [Theory]
    [InlineData("postgres://u:p@h:5433/d", "u p h:5433 d")]
    [InlineData("postgresql://u:p@h/d", "u p h:5432 d")]
    [InlineData("POSTGRES://u:p@h/d", "u p h:5432 d")]
    [InlineData("postgis://u:p@h/d", "u p h:5432 d")]
    [InlineData("postgresql+psycopg2://u:p@h/d", "u p h:5432 d")]
    [InlineData("postgres://u:p@h:5432/", "u p h:5432 u")]
    [InlineData("postgres://u:p@h", "u p h:5432 u")]
    [InlineData("postgres://u:p@h?sslmode=require", "u p h:5432 u")]
    [InlineData("postgres://u@h/d", "u - h:5432 d")]
    [InlineData("postgres://u:@h/d", "u  h:5432 d")]
    [InlineData("postgres://h/d", " - h:5432 d")]
    [InlineData("postgres://:p@h/d", " p h:5432 d")]
    [InlineData("postgres://u:p@h:/d", "u p h:5432 d")]
    [InlineData("postgres://u:p@/d", "u p  d")]
    [InlineData("postgres:///d", " -  d")]
    [InlineData("postgres://", " -  ")]
    [InlineData("postgres://u:p@[::1]:5433/d", "u p ::1:5433 d")]
    [InlineData("postgres://u:p@[fe80::1%25eth0]/d", "u p fe80::1%eth0:5432 d")]
    [InlineData("postgres://u:p@a,b:5433,[::1]:5434/d", "u p a:5432,b:5433,::1:5434 d")]
    [InlineData("postgres://u%40x:p%3A%2F%3F%23%25%40@h/d%20e", "u@x p:/?#%@ h:5432 d e")]
    [InlineData("postgres://%C3%A9:%E2%82%AC@h/%f0%9f%90%98", "é € h:5432 🐘")]
    [InlineData("postgres://é:€@h/d", "é € h:5432 d")]
    [InlineData("postgres://u:p:q@h/d", "u p:q h:5432 d")]
    [InlineData("postgres://u:p@q@h/d", "u p@q h:5432 d")]
    [InlineData("postgres://u:p#q@h/d", "u p#q h:5432 d")]
    [InlineData("postgres://u:p+q@h/d", "u p+q h:5432 d")]
    [InlineData("postgres://u:p@h/d/e", "u p h:5432 d/e")]
    [InlineData("postgres://h/d?user=u&password=p%26q", "u p&q h:5432 d")]
    [InlineData("postgres://a:b@h/d?user=u&password=p&dbname=e", "u p h:5432 e")]
    [InlineData("postgres://u:p@h/d?port=1&port=2", "u p h:2 d")]
    [InlineData("postgres://u:p@h/d?host=i,j&port=1,2", "u p i:1,j:2 d")]
    [InlineData("postgres://u:p@h:7/d?host=i", "u p i:7 d")]
    [InlineData("postgres://u:p@h/d?host=::1", "u p ::1:5432 d")]
    [InlineData("postgres://u:p@h/d?application_name=a@b", "u p h:5432 d")]
    public void The_parts_are_read(string text, string parts)
    {
        var url = DatabaseUrl.Parse(text, out var problem);
        Assert.True(url is not null, problem);
        var hosts = string.Join(',', url.Hosts.Select(pair => $"{pair.Host}:{pair.Port}"));
        Assert.Equal(parts, $"{url.User} {url.Password ?? "-"} {hosts} {url.Database}");
        Assert.Null(url.SocketDirectory);
        Assert.Empty(problem);
    }

    [Theory]
    [InlineData("postgres://u:p@%2Fvar%2Frun%2Fpostgresql/d", "/var/run/postgresql", 5432)]
    [InlineData("postgres://u:p@%2Frun%2Fp g:5433/d", "/run/p g", 5433)]
    [InlineData("postgres:///d?host=/var/run/postgresql", "/var/run/postgresql", 5432)]
    [InlineData("postgres://u:p@/d?host=/cloudsql/a:b:c&port=5433", "/cloudsql/a:b:c", 5433)]
    [InlineData("postgres://u:p@localhost/d?host=%2Ftmp", "/tmp", 5432)]
    [InlineData("postgres:///d?host=@abstract", "@abstract", 5432)]
    public void A_directory_of_sockets_may_be_the_host(string text, string directory, int port)
    {
        var url = DatabaseUrl.Parse(text, out var problem);
        Assert.True(url is not null, problem);
        Assert.Equal((directory, port), (url.SocketDirectory, url.Port));
        Assert.Empty(url.Hosts);
    }

    [Theory]
    [InlineData("", "no URL of PostgreSQL")]
    [InlineData("postgres", "no URL of PostgreSQL")]
    [InlineData("postgres:", "no URL of PostgreSQL")]
    [InlineData("postgres:/h/d", "no URL of PostgreSQL")]
    [InlineData("mysql://u:p@h/d", "no URL of PostgreSQL")]
    [InlineData("jdbc:postgresql://h/d", "no URL of PostgreSQL")]
    [InlineData("postgres!://u:secret@h/d", "no URL of PostgreSQL")]
    [InlineData("postgres://u:secret@h:0/d", "a port is not a number")]
    [InlineData("postgres://u:secret@h:65536/d", "a port is not a number")]
    [InlineData("postgres://u:secret@h:5432x/d", "a port is not a number")]
    [InlineData("postgres://u:secret@h:-1/d", "a port is not a number")]
    [InlineData("postgres://u:secret@h: 1/d", "a port is not a number")]
    [InlineData("postgres://u:secret@h:+1/d", "a port is not a number")]
    [InlineData("postgres://u:secret/x@h/d", "write / as %2F")]
    [InlineData("postgres://u:12/secret@h/d", "write / as %2F")]
    [InlineData("postgres://u:12?secret@h/d", "write / as %2F")]
    [InlineData("postgres://u:sec%ret@h/d", "not percent-encoded rightly")]
    [InlineData("postgres://u:secret%@h/d", "not percent-encoded rightly")]
    [InlineData("postgres://u:secret%4@h/d", "not percent-encoded rightly")]
    [InlineData("postgres://u:secret%00@h/d", "not percent-encoded rightly")]
    [InlineData("postgres://u:secret%FF@h/d", "not percent-encoded rightly")]
    [InlineData("postgres://u%zz:secret@h/d", "not percent-encoded rightly")]
    [InlineData("postgres://u:secret@h/d%", "not percent-encoded rightly")]
    [InlineData("postgres://u:secret@h%/d", "not percent-encoded rightly")]
    [InlineData("postgres://u:p@h/d?password=secret%", "parameter 1 is not percent-encoded")]
    [InlineData("postgres://u:p@h/d?a=b&=secret", "parameter 2 is not percent-encoded")]
    [InlineData("postgres://u:secret@[::1/d", "brackets")]
    [InlineData("postgres://u:secret@[::1]x/d", "brackets")]
    [InlineData("postgres://u:secret@[]/d", "brackets")]
    [InlineData("postgres://u:secret@[host]/d", "no IPv6 address")]
    [InlineData("postgres://u:secret@h%2Fx/d", "a host has a character")]
    [InlineData("postgres://u:secret@h h/d", "a host has a character")]
    [InlineData("postgres://u:secret@h%40i/d", "a host has a character")]
    [InlineData("postgres://u:secret@h,/d", "one is empty or a socket")]
    [InlineData("postgres://u:secret@h/d?host=/tmp,h", "one is empty or a socket")]
    [InlineData("postgres://u:secret@a,b,c/d?port=1,2", "2 ports do not match 3 hosts")]
    [InlineData("postgres://u:secret@h/d?sslmode=secret", "sslmode is not one of")]
    [InlineData("postgres://u:secret@h/d?service=x", "service= is not supported")]
    [InlineData("postgres://u:secret@h/d\n", "control characters")]
    [InlineData("postgres://u:sec\0ret@h/d", "control characters")]
    public void A_fault_is_said_without_the_secret(string text, string words)
    {
        Assert.Null(DatabaseUrl.Parse(text, out var problem));
        Assert.Contains(words, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_URL_has_a_bound()
    {
        var head = "postgres://u:p@h/";
        Assert.NotNull(DatabaseUrl.Parse(head + new string('d', DatabaseUrl.LengthMax - head.Length), out _));
        Assert.Null(DatabaseUrl.Parse(head + new string('d', DatabaseUrl.LengthMax), out var problem));
        Assert.Contains("longer than 16384", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", PgSslMode.Prefer)]
    [InlineData("sslmode=disable", PgSslMode.Disable)]
    [InlineData("sslmode=allow", PgSslMode.Allow)]
    [InlineData("sslmode=prefer", PgSslMode.Prefer)]
    [InlineData("sslmode=require", PgSslMode.Require)]
    [InlineData("sslmode=verify-ca", PgSslMode.VerifyCa)]
    [InlineData("sslmode=verify-full", PgSslMode.VerifyFull)]
    [InlineData("sslmode=disable&sslmode=verify-full", PgSslMode.VerifyFull)]
    [InlineData("sslmode=no-verify", PgSslMode.Require)]
    [InlineData("ssl=true", PgSslMode.Require)]
    [InlineData("ssl", PgSslMode.Require)]
    [InlineData("ssl=false", PgSslMode.Disable)]
    [InlineData("ssl=verify-full", PgSslMode.VerifyFull)]
    [InlineData("ssl=true&sslmode=verify-full", PgSslMode.VerifyFull)]
    [InlineData("requiressl=1", PgSslMode.Require)]
    [InlineData("sslrootcert=system", PgSslMode.VerifyFull)]
    internal void The_mode_of_TLS_is_libpqs(string query, PgSslMode mode) =>
        Assert.Equal(mode, Parse($"postgres://u:p@h/d?{query}").SslMode);

    [Fact]
    public void Parameters_are_read_decoded_and_the_last_of_a_name_holds()
    {
        var url = Parse("postgres://u:p@h/d?sslrootcert=%2Fa%20b&options=-c%20a%3Db=c&application_name=x+y&x&&"
            + "connect_timeout=5&application_name=z&sslnegotiation=direct&channel_binding=require&sslcert=c&sslkey=k"
            + "&sslpassword=s&hostaddr=10.0.0.1&target_session_attrs=read-write");
        Assert.Equal(("/a b", "-c a=b=c"), (url.SslRootCert, url.Options));
        Assert.Equal(("z", 5), (url.ApplicationName, url.ConnectTimeout));
        Assert.Equal(("direct", "require", "c", "k", "s"),
            (url.SslNegotiation, url.ChannelBinding, url.SslCert, url.SslKey, url.SslPassword));
        Assert.Equal(("10.0.0.1", "read-write", ""), (url.HostAddr, url.TargetSessionAttrs, url.Get("x")));
        Assert.Equal("x+y", url.Parameters[2].Value);
        Assert.Null(Parse("postgres://u:p@h/d?connect_timeout=0").ConnectTimeout);
        Assert.Null(Parse("postgres://u:p@h/d?connect_timeout=x").ConnectTimeout);
    }

    [Theory]
    [InlineData("postgres://u:p@h:5433/d", "postgres://u:***@h:5433/d")]
    [InlineData("postgres://u%40:p%40@h/d%20?a=b%20", "postgres://u%40:***@h/d%20?a=b%20")]
    [InlineData("postgres://u@h/d", "postgres://u@h/d")]
    [InlineData(
        "postgres://h/d?user=u&password=p&sslpassword=q&a=b",
        "postgres://h/d?user=u&password=***&sslpassword=***&a=b")]
    [InlineData("postgres://h/d?pass%77ord=p", "postgres://h/d?password=***")]
    [InlineData("postgres://u:p@q@a,b:1?x", "postgres://u:***@a,b:1?x")]
    [InlineData("postgres://:p@h", "postgres://:***@h")]
    [InlineData("postgres://@h/a@b", "postgres://@h/a@b")]
    public void People_are_shown_no_password(string text, string shown)
    {
        Assert.Equal(shown, Parse(text).Redacted);
        Assert.Equal(shown, $"{Parse(text)}");
    }

    [Theory]
    [InlineData("postgres://u:p@h:5433/d", "postgres://u:pw%2F@127.0.0.1:6543/d")]
    [InlineData(
        "postgresql+psycopg2://u%40x:p@h/d%20e?a=b%20c&d",
        "postgresql+psycopg2://u%40x:pw%2F@127.0.0.1:6543/d%20e?a=b%20c&d")]
    [InlineData("postgis://u@a,b:1/", "postgis://u:pw%2F@127.0.0.1:6543/")]
    [InlineData("postgres://u:p@h", "postgres://u:pw%2F@127.0.0.1:6543")]
    [InlineData("postgres://u:p@h?pool=5", "postgres://u:pw%2F@127.0.0.1:6543?pool=5")]
    [InlineData("postgres://h/d?user=u%40&password=p&dbname=e&x=y", "postgres://u%40:pw%2F@127.0.0.1:6543/e?x=y")]
    [InlineData(
        "postgres://u:p@h/d?sslmode=verify-full&sslrootcert=%2Fa&sslcert=b&sslkey=c&sslnegotiation=direct&ssl=true"
        + "&ssl_min_protocol_version=TLSv1.3&channel_binding=require&gssencmode=disable&target_session_attrs=any"
        + "&host=i&hostaddr=10.0.0.1&port=7&load_balance_hosts=random&require_auth=scram-sha-256&passfile=x"
        + "&application_name=web&connect_timeout=5&pgbouncer=true&connection_limit=3&schema=public&keepalives=1",
        "postgres://u:pw%2F@127.0.0.1:6543/d?sslmode=disable&application_name=web&connect_timeout=5&pgbouncer=true"
        + "&connection_limit=3&schema=public&keepalives=1")]
    [InlineData(
        "postgres://u:p@h/d?options=-c%20search_path%3Da",
        "postgres://u:pw%2F@127.0.0.1:6543/d?options=-c%20search_path%3Da")]
    [InlineData("postgres://u:p@h/d?options=endpoint%3Dx", "postgres://u:pw%2F@127.0.0.1:6543/d")]
    public void The_app_gets_what_is_its_own(string text, string given) =>
        Assert.Equal(given, Parse(text).ForApp("127.0.0.1", 6543, "pw/"));

    [Fact]
    public void What_the_app_gets_reads_as_it_was_meant()
    {
        var given = Parse("postgres://u%3A%40:p@h/d%3F%2F?x=%26").ForApp("::1", 1, "ä:/?#[]@!$&'()*+,;=% \"");
        var url = Parse(given);
        Assert.Equal(("u:@", "ä:/?#[]@!$&'()*+,;=% \""), (url.User, url.Password));
        Assert.Equal(("d?/", "&"), (url.Database, url.Get("x")));
        Assert.Equal([("::1", 1)], url.Hosts);
    }

    [Theory]
    [InlineData("postgres://", true)]
    [InlineData("Postgresql+asyncpg://x", true)]
    [InlineData("postgis://x", true)]
    [InlineData("timescalegis://x", true)]
    [InlineData("postgresqlx://x", false)]
    [InlineData("+postgres://x", false)]
    [InlineData("redis://x", false)]
    [InlineData("://x", false)]
    [InlineData("see postgres://x", false)]
    [InlineData("postgres", false)]
    public void A_text_is_told_to_be_PostgreSQLs_by_its_scheme(string text, bool isOurs) =>
        Assert.Equal(isOurs, DatabaseUrl.Names(text));

    [Fact]
    public void Every_prefix_is_read_or_refused_with_a_reason()
    {
        const string text =
            "postgresql+x://us%40er:pa%2Fss@[::1]:5432,b:7/d%20b?sslmode=require&host=a,b&port=1,2&x=%41";
        for (var length = 0; length <= text.Length; length++)
        {
            var url = DatabaseUrl.Parse(text[..length], out var problem);
            Assert.Equal(url is null, problem.Length > 0);
            if (url is not null)
                Assert.NotNull(DatabaseUrl.Parse(url.ForApp("127.0.0.1", 1, "x"), out _));
        }
    }

    private static DatabaseUrl Parse(string text)
    {
        var url = DatabaseUrl.Parse(text, out var problem);
        Assert.True(url is not null, problem);
        return url;
    }
}
