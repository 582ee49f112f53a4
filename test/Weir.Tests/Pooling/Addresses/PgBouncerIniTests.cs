using Weir.Core.Pooling.Addresses;

namespace Weir.Tests.Pooling.Addresses;

public sealed class PgBouncerIniTests
{
    [Fact]
    public void A_file_of_PgBouncer_is_read_as_it_is()
    {
        var ini = Read(""""
            ; a comment
            # another
            [databases]
            foodb =
            bardb = host=localhost dbname=bazdb
            forcedb = host=localhost port=300 user=baz password='f''o o' client_encoding=UTF8 connect_query='SELECT 1'
              * = host = 10.0.0.1,10.0.0.2   pool_size=5
            "my ""db""" = pool_mode=Statement
            'other db' = reserve_pool=1

            [pgbouncer]
            listen_port=6432
            	listen_addr =  *
            server_reset_query = DISCARD ALL ; not a comment
            auth_file = /etc/pgbouncer/userlist.txt
            unix_socket_mode = 0700
            query_wait_timeout = 1.5
            pool_mode = TRANSACTION
            max_client_conn = 0x10
            max_client_conn = 12
            stats_users =

            [users]
            anna = pool_mode=session max_user_connections=3
            [peers]
            1 = host=/tmp/pgbouncer1
            """");
        Assert.Equal(["foodb", "bardb", "forcedb", "*", "my \"db\"", "other db"], ini.Databases.Keys);
        Assert.Empty(ini.Databases["foodb"]);
        Assert.Equal("host=localhost|dbname=bazdb", Words(ini.Databases["bardb"]));
        Assert.Equal(
            "host=localhost|port=300|user=baz|password=f'o o|client_encoding=UTF8|connect_query=SELECT 1",
            Words(ini.Databases["forcedb"]));
        Assert.Equal("host=10.0.0.1,10.0.0.2|pool_size=5", Words(ini.Databases["*"]));
        Assert.Equal(
            "listen_port=6432|listen_addr=*|server_reset_query=DISCARD ALL ; not a comment"
            + "|auth_file=/etc/pgbouncer/userlist.txt|unix_socket_mode=0700|query_wait_timeout=1.5"
            + "|pool_mode=TRANSACTION|max_client_conn=12|stats_users=",
            Words(ini.Settings));
        Assert.Equal("pool_mode=session|max_user_connections=3", Words(ini.Users["anna"]));
        Assert.Equal("host=/tmp/pgbouncer1", Words(ini.Peers["1"]));
        Assert.Equal(("12", "20", null, null),
            (ini.Setting("max_client_conn"), ini.Setting("default_pool_size"),
                ini.Setting("auth_user"), ini.Setting("x")));
    }

    [Theory]
    [InlineData("[pgbouncer]\r\nlisten_port = 1\r\n", "listen_port=1")]
    [InlineData("\uFEFF[pgbouncer]\nlisten_port=1", "listen_port=1")]
    [InlineData("[pgbouncer]listen_port=1", "listen_port=1")]
    [InlineData("[users][pgbouncer] listen_port=1", "listen_port=1")]
    [InlineData("[pgbouncer];x\nlisten_port=1", "listen_port=1")]
    [InlineData("[pgbouncer]\nlisten_port=1\n[pgbouncer]\npool_mode=session", "listen_port=1|pool_mode=session")]
    [InlineData("[pgbouncer]\n%include a.ini\nlisten_port=1", "job_name=a|listen_port=1")]
    [InlineData("%include a.ini\n", "job_name=a")]
    public void Odd_but_right_files_are_read(string text, string settings) =>
        Assert.Equal(
            settings, Words(Read(text, name => name == "a.ini" ? "[pgbouncer]\njob_name=a\n" : null).Settings));

    [Theory]
    [InlineData("listen_port=1", "line 1: \"listen_port\" stands before any [section]")]
    [InlineData("[pgbouncer\n", "line 1: the section's bracket is never closed")]
    [InlineData("[pgbouncer]\n\n  listen_port\n", "line 3: a '=' is missing behind \"listen_port\"")]
    [InlineData("[pgbouncer]\n= 1", "line 2: a line is a [section]")]
    [InlineData("[pgbouncer]\n$x = 1", "line 2: a line is a [section]")]
    [InlineData("[pgbouncer]\n'x = 1", "line 2: a line is a [section]")]
    [InlineData("[pgbouncer]\n'' = 1", "line 2: a line is a [section]")]
    [InlineData("[pgbouncer]\nlisten_portx = 1", "line 2: unknown setting \"listen_portx\"")]
    [InlineData("[pgbouncer]\nListen_port = 1", "line 2: unknown setting \"Listen_port\"")]
    [InlineData("[pgbouncer]\nlisten_port = x", "line 2: \"x\" is no value for listen_port")]
    [InlineData("[pgbouncer]\nlisten_port =", "line 2: \"\" is no value for listen_port")]
    [InlineData("[pgbouncer]\nlisten_port = 08", "line 2: \"08\" is no value")]
    [InlineData("[pgbouncer]\nquery_timeout = -1", "line 2: \"-1\" is no value for query_timeout")]
    [InlineData("[pgbouncer]\nquery_timeout = 5s", "line 2: \"5s\" is no value for query_timeout")]
    [InlineData(
        "[pgbouncer]\npool_mode = tx",
        "line 2: \"tx\" is no value for pool_mode: it is one of session, transaction")]
    [InlineData("[pgbouncers]\nx = 1", "line 2: there is no section [pgbouncers]")]
    [InlineData("[databases]\npgbouncer = host=x", "line 2: the database name \"pgbouncer\" is the console's")]
    [InlineData("[databases]\na = host", "line 2: a '=' is missing behind \"host\"")]
    [InlineData("[databases]\na = host=", "line 2: \"host\" has no value")]
    [InlineData("[databases]\na = host=''", "line 2: \"host\" has no value")]
    [InlineData(
        "[databases]\na = password='secret",
        "line 2: the value of \"password\" has a quote that is never closed")]
    [InlineData(
        "[databases]\na = password='secret'x",
        "line 2: the value of \"password\" has a quote that is never closed")]
    [InlineData("[databases]\na = =x", "line 2: a word is missing before '='")]
    [InlineData("[databases]\na = hosts=x", "line 2: \"a\" has an unknown word \"hosts\"")]
    [InlineData("[databases]\na = port=x", "line 2: \"a\" has port, of which \"x\" is no value")]
    [InlineData("[users]\na = host=x", "line 2: \"a\" has an unknown word \"host\"")]
    [InlineData("[peers]\n0 = host=x", "line 2: a peer's name is a number from 1 to 65535")]
    [InlineData("[peers]\n1 = port=1", "line 2: the peer 1 has no host")]
    [InlineData("%include ", "line 1: a line is a [section]")]
    [InlineData("%include x.ini", "line 1: \"x.ini\" cannot be read")]
    [InlineData("\n%include a.ini", "a.ini line 2: unknown setting \"y\"")]
    public void A_fault_is_named_with_its_line_and_what_follows_is_read(string text, string fault)
    {
        var faults = new List<string>();
        var ini = PgBouncerIni.Read(
            text + "\n[pgbouncer]\npool_mode=session", name => name == "a.ini" ? "[pgbouncer]\ny=1" : null, faults);
        Assert.StartsWith(fault, Assert.Single(faults), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", faults[0], StringComparison.Ordinal);
        Assert.Equal("session", ini.Settings["pool_mode"]);
    }

    [Fact]
    public void Files_that_include_themselves_come_to_an_end()
    {
        var faults = new List<string>();
        var reads = 0;
        PgBouncerIni.Read("%include a", _ =>
        {
            reads++;
            return "%include a\n%include a";
        }, faults);
        Assert.InRange(reads, 10, IniLines.FilesMax);
        Assert.Contains(faults, fault => fault.Contains("depth", StringComparison.Ordinal));
    }

    [Fact]
    public void A_line_of_many_sections_is_no_deep_matter()
    {
        var faults = new List<string>();
        PgBouncerIni.Read(string.Concat(Enumerable.Repeat("[users]", 200_000)), _ => null, faults);
        Assert.Empty(faults);
    }

    [Fact]
    public void Every_prefix_is_read_and_each_key_of_the_manual_takes_its_default()
    {
        const string text =
            "[databases]\n\"a\"\"b\" = host=x password='y''z' port=1\n[pgbouncer]\nlisten_port = 1\n%include x";
        for (var length = 0; length <= text.Length; length++)
            PgBouncerIni.Read(text[..length], _ => "", []);

        Assert.Equal(98, PgBouncerKeys.All.DistinctBy(key => key.Name).Count());
        foreach (var key in PgBouncerKeys.All.Where(key => key.Default is not null))
            Assert.True(key.Takes(key.Default!), key.Name);
        Assert.False(PgBouncerKeys.Find(PgBouncerKeys.All, "listen_port")!.IsChangeable);
        Assert.True(PgBouncerKeys.Find(PgBouncerKeys.All, "pool_mode")!.IsChangeable);
    }

    private static PgBouncerIni Read(string text, Func<string, string?>? include = null)
    {
        var faults = new List<string>();
        var ini = PgBouncerIni.Read(text, include ?? (_ => null), faults);
        Assert.Empty(faults);
        return ini;
    }

    private static string Words(IReadOnlyDictionary<string, string> words) =>
        string.Join('|', words.Select(pair => $"{pair.Key}={pair.Value}"));
}
