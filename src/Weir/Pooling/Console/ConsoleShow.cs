using System.Net;
using Weir.Core.Pooling.Messages;

namespace Weir.Pooling.Console;

/// <summary>The SHOW commands: PgBouncer's with its columns, and what only Weir knows.</summary>
internal sealed class ConsoleShow
{
    private readonly PoolHouse _house;
    private readonly Dictionary<string, Func<ConsoleTable>> _tables;

    public ConsoleShow(PoolHouse house)
    {
        _house = house;
        var figures = new ConsoleFigures(house);
        var sockets = new ConsoleSockets(house);
        var sessions = new ConsoleSessions(house);
        _tables = new Dictionary<string, Func<ConsoleTable>>
        {
            ["POOLS"] = figures.Pools,
            ["DATABASES"] = figures.Databases,
            ["STATS"] = figures.Stats,
            ["STATS_TOTALS"] = figures.StatsTotals,
            ["STATS_AVERAGES"] = figures.StatsAverages,
            ["TOTALS"] = figures.Totals,
            ["USERS"] = figures.Users,
            ["LISTS"] = figures.Lists,
            ["CLIENTS"] = sockets.Clients,
            ["SERVERS"] = sockets.Servers,
            ["SOCKETS"] = sockets.Sockets,
            ["ACTIVE_SOCKETS"] = sockets.ActiveSockets,
            ["PINS"] = sessions.Pins,
            ["QUEUE"] = sessions.Queue,
            ["STATEMENTS"] = sessions.Statements,
            ["CONFIG"] = () => ConsoleSettings.Table(house.Options),
            ["STATE"] = State,
            ["MEM"] = Memory,
            ["VERSION"] = VersionTable,
            ["DNS_HOSTS"] = DnsHosts,
            ["DNS_ZONES"] = () =>
                new(("zonename", ConsoleType.Text), ("serial", ConsoleType.Int8), ("count", ConsoleType.Int4)),
            ["PEERS"] = () => new(("peer_id", ConsoleType.Int4), ("host", ConsoleType.Text),
                ("port", ConsoleType.Int4), ("pool_size", ConsoleType.Int4)),
            ["PEER_POOLS"] = () => new(("peer_id", ConsoleType.Int4), ("cl_active_cancel_req", ConsoleType.Int4),
                ("cl_waiting_cancel_req", ConsoleType.Int4), ("sv_active_cancel", ConsoleType.Int4),
                ("sv_login", ConsoleType.Int4)),
            ["HELP"] = Help,
        };
    }

    /// <summary>Null: there is no such thing to show.</summary>
    public ConsoleReply? Run(ConsoleCommand command)
    {
        if (command.Words.Count != 1)
            return null;
        var what = command.Upper(0);
        if (what == "FDS")
        {
            return ConsoleReply.Wrong(SqlStates.FeatureNotSupported,
                "SHOW FDS hands sockets to a PgBouncer that takes over; Weir is not taken over that way");
        }

        if (_tables.TryGetValue(what, out var table))
            return ConsoleReply.Rows(table());
        // Drivers ask for these of any PostgreSQL.
        return ConsoleParameters.Find(command.Words[0]) is { } value ? One(command.Words[0], value) : null;
    }

    private static ConsoleReply One(string name, string value)
    {
        var table = ConsoleTable.OfText(name.ToLowerInvariant());
        table.Add(value);
        return ConsoleReply.Rows(table);
    }

    private ConsoleTable State()
    {
        var table = ConsoleTable.OfText("key", "value");
        var isPaused = _house.Pools.IsAllPaused;
        table.Add("active", isPaused ? "no" : "yes");
        table.Add("paused", isPaused ? "yes" : "no");
        table.Add("suspended", "no");
        return table;
    }

    /// <summary>Weir has no slabs: what the process holds, and what its sessions and statements are.</summary>
    private ConsoleTable Memory()
    {
        var table = new ConsoleTable(("name", ConsoleType.Text), ("size", ConsoleType.Int4),
            ("used", ConsoleType.Int4), ("free", ConsoleType.Int4), ("memtotal", ConsoleType.Int8));
        table.Add("managed_heap", 1, GC.GetTotalMemory(forceFullCollection: false), 0,
            GC.GetTotalMemory(forceFullCollection: false));
        table.Add("working_set", 1, Environment.WorkingSet, 0, Environment.WorkingSet);
        return table;
    }

    private static ConsoleTable VersionTable()
    {
        var table = ConsoleTable.OfText("version");
        table.Add(ConsoleParameters.Version);
        return table;
    }

    private ConsoleTable DnsHosts()
    {
        var table = new ConsoleTable(
            ("hostname", ConsoleType.Text), ("ttl", ConsoleType.Int8), ("addrs", ConsoleType.Text));
        var targets = _house.Pools.All.Select(pool => pool.Target)
            .Where(target => !target.Way.IsUnix && !IPAddress.TryParse(target.Host, out _));
        foreach (var target in targets.DistinctBy(target => target.Host))
            table.Add(target.Host, 0L, string.Join(',', target.Addresses));
        return table;
    }

    private ConsoleTable Help()
    {
        var table = ConsoleTable.OfText("command");
        table.Add($"SHOW {string.Join('|', _tables.Keys.Order(StringComparer.Ordinal))}");
        foreach (var form in ConsoleActs.Forms)
            table.Add(form);
        return table;
    }
}
