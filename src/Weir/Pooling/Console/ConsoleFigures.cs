using Weir.Beat;

namespace Weir.Pooling.Console;

/// <summary>What SHOW tells of pools and databases in numbers.</summary>
internal sealed class ConsoleFigures(PoolHouse house)
{
    private const ConsoleType Text = ConsoleType.Text;
    private const ConsoleType Int4 = ConsoleType.Int4;

    /// <summary>
    /// The figures of STATS in their order: as PgBouncer names them behind total_ and avg_, in STATS_TOTALS and
    /// STATS_AVERAGES, and in TOTALS.
    /// </summary>
    private static readonly (string Total, string Average, string Alone, string Sum, Func<PoolTotals, long> Read)[]
        s_figures =
    [
        ("server_assignment_count", "server_assignment_count", "server_assignment_count", "server_assignment_count",
            totals => totals.Assignments),
        ("xact_count", "xact_count", "xact_count", "xact_count", totals => totals.Transactions),
        ("query_count", "query_count", "query_count", "query_count", totals => totals.Queries),
        ("received", "recv", "bytes_received", "client_bytes", totals => totals.BytesReceived),
        ("sent", "sent", "bytes_sent", "server_bytes", totals => totals.BytesSent),
        ("xact_time", "xact_time", "xact_time", "xact_time", totals => totals.TransactionMicros),
        ("query_time", "query_time", "query_time", "query_time", totals => totals.QueryMicros),
        ("wait_time", "wait_time", "wait_time", "wait_time", totals => totals.WaitMicros),
        ("client_parse_count", "client_parse_count", "client_parse_count", "client_parse_count",
            totals => totals.ClientParses),
        ("server_parse_count", "server_parse_count", "server_parse_count", "server_parse_count",
            totals => totals.ServerParses),
        ("bind_count", "bind_count", "bind_count", "bind_count", totals => totals.Binds),
        ("client_login_count", "client_login_count", "client_login_count", "client_login_count",
            totals => totals.ClientLogins),
    ];

    public ConsoleTable Pools()
    {
        var table = new ConsoleTable(("database", Text), ("user", Text), ("cl_active", Int4), ("cl_waiting", Int4),
            ("cl_active_cancel_req", Int4), ("cl_waiting_cancel_req", Int4), ("sv_active", Int4),
            ("sv_active_cancel", Int4), ("sv_being_canceled", Int4), ("sv_idle", Int4), ("sv_used", Int4),
            ("sv_tested", Int4), ("sv_login", Int4), ("maxwait", Int4), ("maxwait_us", Int4), ("pool_mode", Text),
            ("load_balance_hosts", Text));
        var now = Clock.Now;
        var clients = house.Sessions().Where(session => session.Pool is not null).ToLookup(session => session.Pool);
        foreach (var pool in house.Pools.All)
        {
            var view = pool.View();
            var wait = view.OldestSince == long.MaxValue ? 0 : Math.Max(0, now - view.OldestSince);
            var waiting = clients[pool].Count(session => session.IsInLine);
            var cancelling = clients[pool].Count(session => session.IsCancelling);
            table.Add(pool.Name, pool.User, clients[pool].Count() - waiting, waiting, 0, 0,
                view.Leased + view.Pinned, cancelling, 0, view.Idle, 0, 0, view.Opening, wait / 1_000_000,
                wait % 1_000_000, Word(pool.Limits.Mode), null);
        }

        return table;
    }

    public ConsoleTable Databases()
    {
        var table = new ConsoleTable(("name", Text), ("host", Text), ("port", Int4), ("database", Text),
            ("force_user", Text), ("pool_size", Int4), ("min_pool_size", Int4), ("reserve_pool_size", Int4),
            ("server_lifetime", Int4), ("pool_mode", Text), ("load_balance_hosts", Text), ("max_connections", Int4),
            ("current_connections", Int4), ("max_client_connections", Int4), ("current_client_connections", Int4),
            ("paused", Int4), ("disabled", Int4));
        var pools = house.Pools.All.ToLookup(pool => pool.Name);
        var clients = house.Sessions().Where(session => session.Pool is not null)
            .ToLookup(session => session.Database);
        var options = house.Options;
        foreach (var entry in house.Pools.Entries)
        {
            var host = entry.Server.Hosts.Count > 0 ? entry.Server.Hosts[0].Host : "localhost";
            table.Add(entry.Name, entry.Server.SocketDirectory ?? host, entry.Server.Port,
                entry.SameName ? entry.Name : entry.Server.Database, entry.User,
                Math.Min(entry.Size ?? options.Size, entry.ServerMax ?? int.MaxValue),
                entry.SizeMin ?? options.SizeMin, entry.ReserveSize ?? options.ReserveSize,
                (long)options.ServerLifetime.TotalSeconds, entry.Mode is { } mode ? Word(mode) : null, null,
                PoolBounds.Connections(options, entry), pools[entry.Name].Sum(pool => pool.View().Servers.Count),
                PoolBounds.Clients(options, entry), clients[entry.Name].Count(),
                house.Pools.IsPaused(entry.Name), house.Pools.IsDisabled(entry.Name));
        }

        foreach (var pool in house.Pools.Found())
        {
            var (target, way, entry) = (pool.Target, pool.Target.Way, house.Pools.Find(pool.Name));
            table.Add(pool.Name, way.SocketDirectory ?? target.Host, way.Port, pool.Database, null,
                pool.Limits.Lease.SizeMax, pool.Limits.Lease.SizeMin, pool.Limits.Lease.ReserveMax,
                (long)options.ServerLifetime.TotalSeconds, null, null, PoolBounds.Connections(options, entry),
                pools[pool.Name].Sum(one => one.View().Servers.Count), PoolBounds.Clients(options, entry),
                clients[pool.Name].Count(), house.Pools.IsPaused(pool.Name), house.Pools.IsDisabled(pool.Name));
        }

        return table;
    }

    public ConsoleTable Stats() => StatsTable(hasTotals: true, hasAverages: true);

    public ConsoleTable StatsTotals() => StatsTable(hasTotals: true, hasAverages: false);

    public ConsoleTable StatsAverages() => StatsTable(hasTotals: false, hasAverages: true);

    private ConsoleTable StatsTable(bool hasTotals, bool hasAverages)
    {
        var columns = new List<(string, ConsoleType)> { ("database", Text) };
        if (hasTotals)
        {
            columns.AddRange(s_figures.Select(figure =>
                (hasAverages ? "total_" + figure.Total : figure.Alone, ConsoleType.Numeric)));
        }

        if (hasAverages)
        {
            columns.AddRange(s_figures.Select(figure =>
                (hasTotals ? "avg_" + figure.Average : figure.Alone, ConsoleType.Numeric)));
        }

        var table = new ConsoleTable([.. columns]);
        foreach (var (name, totals, averages) in ByDatabase())
        {
            var row = new List<object?> { name };
            if (hasTotals)
                row.AddRange(s_figures.Select(figure => (object?)figure.Read(totals)));
            if (hasAverages)
                row.AddRange(s_figures.Select(figure => (object?)figure.Read(averages)));
            table.Add([.. row]);
        }

        return table;
    }

    public ConsoleTable Totals()
    {
        var table = new ConsoleTable(("name", Text), ("value", ConsoleType.Int8));
        var all = ByDatabase();
        foreach (var figure in s_figures)
            table.Add($"total_{figure.Sum}", all.Sum(one => figure.Read(one.Totals)));
        foreach (var figure in s_figures)
            table.Add($"avg_{figure.Sum}", all.Sum(one => figure.Read(one.Averages)));
        return table;
    }

    private List<(string Name, PoolTotals Totals, PoolTotals Averages)> ByDatabase() =>
    [
        .. house.Pools.All.GroupBy(pool => pool.Name).OrderBy(one => one.Key, StringComparer.Ordinal).Select(pools =>
        {
            var totals = pools.Aggregate(default(PoolTotals), (sum, pool) => sum + pool.Counters.Totals);
            var period = pools.Aggregate(default(PoolTotals), (sum, pool) => sum + pool.Period.Last);
            return (pools.Key, totals, period.AverageOver(PoolPeriod.Micros));
        }),
    ];

    public ConsoleTable Users()
    {
        var table = new ConsoleTable(("name", Text), ("pool_size", Text), ("reserve_pool_size", Text),
            ("pool_mode", Text), ("max_user_connections", Int4), ("current_connections", Int4),
            ("max_user_client_connections", Int4), ("current_client_connections", Int4));
        var options = house.Options;
        var pools = house.Pools.All.ToLookup(pool => pool.User);
        var clients = house.Sessions().Where(session => session.Pool is not null).ToLookup(session => session.User);
        var names = options.Users.Select(user => user.Name).Concat(pools.Select(group => group.Key))
            .Concat(clients.Select(group => group.Key)).Distinct().Order(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var own = options.Find(name);
            table.Add(name, Own(own?.Size), Own(own?.ReserveSize), own?.Mode is { } mode ? Word(mode) : null,
                PoolBounds.Connections(options, own), pools[name].Sum(pool => pool.View().Servers.Count),
                PoolBounds.Clients(options, own), clients[name].Count());
        }

        return table;
    }

    public ConsoleTable Lists()
    {
        var table = new ConsoleTable(("list", Text), ("items", Int4));
        var sessions = house.Sessions();
        var pools = house.Pools.All;
        var servers = pools.Select(pool => pool.View()).ToArray();
        var hasNames = pools.Count(pool => !pool.Target.Way.IsUnix);
        table.Add("databases", house.Pools.Entries.Count + house.Pools.Found().Count);
        table.Add("users", pools.Select(pool => pool.User).Distinct().Count());
        table.Add("peers", 0);
        table.Add("pools", pools.Length);
        table.Add("peer_pools", 0);
        table.Add("free_clients", Math.Max(0, house.Options.ClientsMax - sessions.Length));
        table.Add("used_clients", sessions.Length);
        table.Add("login_clients", sessions.Count(session => session.Stage < SessionStage.Ready));
        table.Add("free_servers", servers.Sum(view => view.Idle));
        table.Add("used_servers", servers.Sum(view => view.Leased + view.Pinned));
        table.Add("dns_names", hasNames);
        table.Add("dns_zones", 0);
        table.Add("dns_queries", 0);
        table.Add("dns_pending", 0);
        return table;
    }

    private static string Own(int? size) =>
        size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "";

    private static string Word(PoolMode mode) => mode.ToString().ToLowerInvariant();
}
