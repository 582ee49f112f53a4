using Weir.Core.Pooling.Addresses;
using Weir.Pooling;
using Weir.Pooling.Console;

namespace Weir.Tests.Pooling.Console;

public sealed class ConsoleDeskTests : IDisposable
{
    private readonly PoolHouse _house;
    private readonly ConsoleDesk _desk;

    public ConsoleDeskTests()
    {
        var server = DatabaseUrl.Parse("postgres://u:p@127.0.0.1:1/app", out _)!;
        _house = new PoolHouse(new PoolOptions { Databases = [PoolDatabase.Of(server)] }, new PoolParts());
        _desk = new ConsoleDesk(_house);
    }

    public void Dispose() => _house.Dispose();

    /// <summary>PgBouncer's columns in its order, as its exporters read them.</summary>
    public static TheoryData<string, string> Columns => new()
    {
        {
            "POOLS", "database,user,cl_active,cl_waiting,cl_active_cancel_req,cl_waiting_cancel_req,sv_active,"
                + "sv_active_cancel,sv_being_canceled,sv_idle,sv_used,sv_tested,sv_login,maxwait,maxwait_us,pool_mode,"
                + "load_balance_hosts"
        },
        {
            "STATS_TOTALS", "database,server_assignment_count,xact_count,query_count,bytes_received,bytes_sent,"
                + "xact_time,query_time,wait_time,client_parse_count,server_parse_count,bind_count,client_login_count"
        },
        {
            "CLIENTS", "type,user,database,replication,state,addr,port,local_addr,local_port,connect_time,"
                + "request_time,wait,wait_us,close_needed,ptr,link,remote_pid,tls,application_name,"
                + "prepared_statements,id"
        },
        {
            "DATABASES", "name,host,port,database,force_user,pool_size,min_pool_size,reserve_pool_size,"
                + "server_lifetime,pool_mode,load_balance_hosts,max_connections,current_connections,"
                + "max_client_connections,current_client_connections,paused,disabled"
        },
        { "CONFIG", "key,value,default,changeable" },
        { "LISTS", "list,items" },
        { "VERSION", "version" },
    };

    [Theory]
    [MemberData(nameof(Columns))]
    public async Task Columns_are_those_of_pgbouncer(string what, string columns)
    {
        var reply = await Ask($"show {what.ToLowerInvariant()};");
        Assert.Equal(columns, string.Join(',', reply.Table!.Columns.Select(column => column.Name)));
        Assert.Equal("SHOW", reply.Tag);
    }

    [Fact]
    public async Task Whatever_help_names_can_be_shown()
    {
        var help = (await Ask("SHOW HELP")).Table!.Rows[0][0]!;
        foreach (var what in help["SHOW ".Length..].Split('|'))
            Assert.NotNull((await Ask("SHOW " + what)).Table);
    }

    [Theory]
    [InlineData("PAUSE")]
    [InlineData("RESUME")]
    [InlineData("KILL")]
    [InlineData("KILL_CLIENT 1")]
    [InlineData("SHUTDOWN")]
    [InlineData("RELOAD")]
    [InlineData("SET default_pool_size=1")]
    [InlineData("DISABLE app")]
    public async Task Who_may_only_look_changes_nothing(string command)
    {
        Assert.Equal("42501", (await Ask(command, isAdmin: false)).Error?.Code);
        Assert.False(_house.Pools.IsAllPaused);
        Assert.NotNull((await Ask("SHOW POOLS", isAdmin: false)).Table);
    }

    [Theory]
    [InlineData("SHOW NOTHING", "42601")]
    [InlineData("SELECT 1", "42601")]
    [InlineData("SHOW", "42601")]
    [InlineData("SHOW FDS", "0A000")]
    [InlineData("SUSPEND", "0A000")]
    [InlineData("PAUSE nowhere", "3D000")]
    [InlineData("PAUSE pgbouncer", "55000")]
    [InlineData("KILL_CLIENT all", "22023")]
    [InlineData("KILL_CLIENT 77", "55000")]
    [InlineData("DISABLE", "55000")]
    [InlineData("RELOAD", "55000")]
    [InlineData("SHUTDOWN", "55000")]
    [InlineData("SHUTDOWN NEVER", "42601")]
    [InlineData("SET nothing = 1", "22023")]
    [InlineData("SET listen_port = 1", "22023")]
    [InlineData("SET pool_mode = sometimes", "22023")]
    [InlineData("SET default_pool_size = -1", "22023")]
    public async Task What_cannot_be_done_is_refused_with_a_reason(string command, string code)
    {
        var reply = await Ask(command);
        Assert.Equal(code, reply.Error?.Code);
        Assert.NotEmpty(reply.Error!.Message);
    }

    [Fact]
    public async Task A_setting_that_can_change_changes()
    {
        Assert.Equal("SET query_wait_timeout=7", (await Ask("SET query_wait_timeout = '7'")).Tag);
        Assert.Equal(TimeSpan.FromSeconds(7), _house.Options.WaitMax);
        var rows = (await Ask("SHOW CONFIG")).Table!.Rows;
        Assert.Equal("query_wait_timeout 7 30 yes",
            string.Join(' ', rows.Single(row => row[0] == "query_wait_timeout")));
    }

    [Theory]
    [InlineData("reserve_pool_size", "3", "DATABASES", "reserve_pool_size")]
    [InlineData("max_db_client_connections", "30", "DATABASES", "max_client_connections")]
    [InlineData("max_db_connections", "9", "DATABASES", "max_connections")]
    [InlineData("reserve_pool_timeout", "2.5", null, null)]
    [InlineData("max_user_connections", "4", "USERS", "max_user_connections")]
    [InlineData("max_user_client_connections", "40", "USERS", "max_user_client_connections")]
    public async Task A_bound_that_is_set_is_shown(string key, string value, string? what, string? column)
    {
        _house.Adopt(_house.Options with { Users = [new PoolUser { Name = "anna" }] });
        Assert.Equal($"SET {key}={value}", (await Ask($"SET {key} = {value}")).Tag);
        Assert.Equal(value, (await Ask("SHOW CONFIG")).Table!.Rows.Single(row => row[0] == key)[1]);
        if (what is not null)
            Assert.Equal(value, Cell((await Ask("SHOW " + what)).Table!, column!));
    }

    [Fact]
    public async Task A_user_is_shown_with_what_it_has_of_its_own()
    {
        var anna = new PoolUser { Name = "anna", ReserveSize = 2, ConnectionsMax = 5, ClientsMax = 50 };
        _house.Adopt(_house.Options with { Users = [anna], UserConnectionsMax = 9 });
        var users = (await Ask("SHOW USERS")).Table!;
        Assert.Equal("anna||2||5|0|50|0", string.Join('|', users.Rows.Single(row => row[0] == "anna")));
    }

    [Fact]
    public async Task A_pause_is_told_and_ends_with_resume()
    {
        Assert.Equal("PAUSE", (await Ask("PAUSE app")).Tag);
        Assert.Equal("1", Cell((await Ask("SHOW DATABASES")).Table!, "paused"));
        Assert.Equal("55000", (await Ask("PAUSE app")).Error?.Code);
        Assert.Equal("RESUME", (await Ask("RESUME app")).Tag);
        Assert.Equal("0", Cell((await Ask("SHOW DATABASES")).Table!, "paused"));
        Assert.Equal("55000", (await Ask("RESUME")).Error?.Code);
    }

    [Fact]
    public async Task A_disabled_database_is_told()
    {
        Assert.Equal("DISABLE", (await Ask("disable \"app\"")).Tag);
        Assert.Equal("1", Cell((await Ask("SHOW DATABASES")).Table!, "disabled"));
        Assert.Equal("ENABLE", (await Ask("ENABLE app")).Tag);
        Assert.False(_house.Pools.IsDisabled("app"));
    }

    private Task<ConsoleReply> Ask(string text, bool isAdmin = true) =>
        _desk.RunAsync(text, isAdmin, TestContext.Current.CancellationToken);

    private static string? Cell(ConsoleTable table, string column) =>
        table.Rows[0][table.Columns.Select(one => one.Name).ToList().IndexOf(column)];
}
