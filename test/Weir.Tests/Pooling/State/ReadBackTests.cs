using System.Text;
using Weir.Core.Pooling.Catalogue;
using Weir.Core.Pooling.Sql;
using Weir.Core.Pooling.State;

namespace Weir.Tests.Pooling.State;

public class ReadBackTests
{
    private static readonly SessionState Startup = SessionState.Empty.With("a", "start");

    [Fact]
    public void What_was_set_is_what_the_server_says()
    {
        var (client, server, _) = Apply("SET work_mem = 4096", "s work_mem 4MB");
        Assert.Equal("4MB", client.Find("work_mem"));
        Assert.Equal(client, server);
    }

    [Fact]
    public void A_reset_goes_back_to_what_the_client_began_with()
    {
        var (client, server, _) = Apply("SET a = 1; RESET a", "s a default");
        Assert.Equal("start", client.Find("a"));
        // The connection has its own default, and that is to be replaced.
        Assert.Equal("default", server.Find("a"));
        (client, _, _) = Apply("RESET b", "s b default");
        Assert.Null(client.Find("b"));
    }

    [Fact]
    public void What_was_rolled_back_was_not_set()
    {
        var (client, server, _) = ApplyDoubtful("SET b = 1", "d b default");
        Assert.Equal((Startup, Startup), (client, server));
        (client, _, _) = ApplyDoubtful("SET b = 1; SELECT 1/0", "s b 1");
        Assert.Equal("1", client.Find("b"));
        (client, _, _) = ApplyDoubtful("RESET a", "s a start");
        Assert.Same(Startup, client);
        (client, server, _) = ApplyDoubtful("SET ROLE r", "s role none");
        Assert.Null(client.Find("role"));
        Assert.Equal("none", server.Find("role"));
    }

    [Fact]
    public void A_reset_of_all_leaves_user_and_role()
    {
        var before = Startup.With("role", "r").With("b", "1");
        var back = new ReadBack();
        Feed(back, "s a x", "s b y", "s role r");
        var reading = Read("RESET ALL");
        var client = back.Apply(before, Startup, reading, PinReasons.None, isCertain: true);
        Assert.Equal(Startup.With("role", "r"), client);
        client = back.Apply(before, Startup, Read("DISCARD ALL"), PinReasons.None, isCertain: true);
        Assert.Equal(Startup, client);
    }

    [Fact]
    public void What_pins_is_what_the_server_says()
    {
        Assert.Equal(PinReasons.Temp, Apply("CREATE TEMP TABLE t (a int)", "t  ").Pins);
        Assert.Equal(PinReasons.None, Apply("CREATE TEMP TABLE t (a int) ON COMMIT DROP").Pins);
        Assert.Equal(
            PinReasons.Temp | PinReasons.Listen | PinReasons.Cursor | PinReasons.Lock,
            Apply("DO $$ $$", "t  ", "l  ", "c  ", "a  ").Pins);
    }

    [Theory]
    [InlineData("UNLISTEN *", PinReasons.Listen | PinReasons.Temp, PinReasons.None)]
    [InlineData("SELECT set_config($1, 'x', false)", PinReasons.None, PinReasons.ComputedName)]
    [InlineData("SET b = 1", PinReasons.ComputedName, PinReasons.ComputedName)]
    [InlineData("RESET ALL", PinReasons.ComputedName, PinReasons.None)]
    [InlineData("LOAD 'x'", PinReasons.None, PinReasons.Lasting)]
    [InlineData("DISCARD ALL", PinReasons.Lasting, PinReasons.Lasting)]
    public void Pins_last_until_they_are_seen_to_be_gone(string text, PinReasons before, PinReasons after)
    {
        var back = new ReadBack();
        back.Apply(Startup, Startup, Read(text), before, isCertain: true);
        Assert.Equal(after, back.Pins);
    }

    [Theory]
    [InlineData("PREPARE p AS SELECT 1", "PREPARE p AS SELECT 1")]
    [InlineData("/* a */ prepare P(int) as select $1 -- b\n ; ", "prepare P(int) as select $1")]
    [InlineData("SET x = 1; PREPARE p AS SELECT ';' ; SELECT 2", "PREPARE p AS SELECT ';'")]
    [InlineData("PREPARE q AS SELECT 1; PREPARE \"p\" AS SELECT 2", "PREPARE \"p\" AS SELECT 2")]
    [InlineData("PREPARE p AS SELECT 1; DEALLOCATE p; PREPARE p AS SELECT 2", null)]
    [InlineData("PREPARE p AS SELECT 'a\\134b'", null)]
    [InlineData("PREPARE p AS SELECT '\\303\\251'", null)]
    [InlineData("DO 'begin execute ''prepare p as select 1''; end'", null)]
    [InlineData("PREPARE \"P\" AS SELECT 1", null)]
    public void A_statement_is_kept_where_it_can_be_replayed_alone(string text, string? alone)
    {
        var (client, server, pins) = Apply("PREPARE p AS SELECT 1", "p p " + text);
        Assert.Equal(alone, client.FindStatement("p"));
        Assert.Equal(client.Statements, server.Statements);
        Assert.Equal(alone is null ? PinReasons.Prepared : PinReasons.None, pins);
    }

    [Fact]
    public void Bytes_come_as_they_are()
    {
        var (client, _, _) = Apply("SET b = 1", "s b it's\\134\\303\\251\\\\");
        Assert.Equal("it's\\\u00c3\u00a9\\", client.Find("b"));
    }

    private static (SessionState Client, SessionState Server, PinReasons Pins) Apply(
        string text, params string[] rows) => Apply(text, true, rows);

    private static (SessionState Client, SessionState Server, PinReasons Pins) ApplyDoubtful(
        string text, params string[] rows) => Apply(text, false, rows);

    private static (SessionState, SessionState, PinReasons) Apply(string text, bool isCertain, string[] rows)
    {
        var back = new ReadBack();
        Feed(back, rows);
        var client = back.Apply(Startup, Startup, Read(text), PinReasons.None, isCertain);
        return (client, back.Server, back.Pins);
    }

    private static void Feed(ReadBack back, params string[] rows)
    {
        foreach (var row in rows)
        {
            var parts = row.Split(' ', 3).Select(Encoding.ASCII.GetBytes).ToArray();
            back.Row(parts[0], parts[1], parts[2], isNull: false);
        }
    }

    private static SqlReading Read(string text) =>
        SqlReader.Read(Encoding.ASCII.GetBytes(text), new CatalogueFacts([], Residue.None, []));
}
