using System.Globalization;
using Weir.Beat;

namespace Weir.Pooling.Console;

/// <summary>SHOW CLIENTS, SERVERS and SOCKETS: one row for each connection.</summary>
internal sealed class ConsoleSockets(PoolHouse house)
{
    private const ConsoleType Text = ConsoleType.Text;
    private const ConsoleType Int4 = ConsoleType.Int4;

    private static readonly (string, ConsoleType)[] s_columns =
    [
        ("type", Text), ("user", Text), ("database", Text), ("replication", Text), ("state", Text), ("addr", Text),
        ("port", Int4), ("local_addr", Text), ("local_port", Int4), ("connect_time", Text), ("request_time", Text),
        ("wait", Int4), ("wait_us", Int4), ("close_needed", Int4), ("ptr", Text), ("link", Text),
        ("remote_pid", Int4), ("tls", Text), ("application_name", Text), ("prepared_statements", Int4), ("id", Int4),
    ];

    /// <summary>What PgBouncer adds for those who look for its bugs; Weir's buffers have no such places.</summary>
    private static readonly (string, ConsoleType)[] s_more =
    [
        ("recv_pos", Int4), ("pkt_pos", Int4), ("pkt_remain", Int4), ("send_pos", Int4), ("send_remain", Int4),
        ("pkt_avail", Int4), ("send_avail", Int4),
    ];

    public ConsoleTable Clients()
    {
        var table = new ConsoleTable(s_columns);
        foreach (var session in house.Sessions())
        {
            if (session.Stage >= SessionStage.Preparing)
                table.Add(Row(session, session.IsInLine ? "waiting" : IdleOrActive(session)));
        }

        return table;
    }

    public ConsoleTable Servers()
    {
        var table = new ConsoleTable(s_columns);
        foreach (var pool in house.Pools.All)
        {
            foreach (var server in pool.View().Servers)
                table.Add(Row(server, server.Holder is null ? "idle" : "active"));
        }

        return table;
    }

    public ConsoleTable Sockets() => Sockets(_ => true, _ => true);

    /// <summary>Of those that something is under way on.</summary>
    public ConsoleTable ActiveSockets() =>
        Sockets(session => session.Server is not null, server => server.Holder is not null);

    private ConsoleTable Sockets(Func<ClientSession, bool> isAsked, Func<ServerConnection, bool> isServerAsked)
    {
        var table = new ConsoleTable([.. s_columns, .. s_more]);
        var zeros = Enumerable.Repeat<object?>(0, s_more.Length).ToArray();
        foreach (var session in house.Sessions().Where(isAsked))
        {
            var state = session.Stage < SessionStage.Preparing ? "cl_login"
                : session.IsInLine ? "cl_waiting" : "cl_active";
            table.Add([.. Row(session, state), .. zeros]);
        }

        foreach (var server in house.Pools.All.SelectMany(pool => pool.View().Servers).Where(isServerAsked))
            table.Add([.. Row(server, server.Holder is null ? "sv_idle" : "sv_active"), .. zeros]);
        return table;
    }

    private static string IdleOrActive(ClientSession session) =>
        session.Server is null && session.Stage != SessionStage.Console ? "idle" : "active";

    private static object?[] Row(ClientSession session, string state)
    {
        var wait = session.IsInLine ? Math.Max(0, Clock.Now - session.StageSince) : 0;
        return
        [
            "C", session.User.Length > 0 ? session.User : "(nouser)",
            session.Database.Length > 0 ? session.Database : "(nodb)", session.IsReplication ? "physical" : "none",
            state, session.Peer.Address, session.Peer.Port, "", 0, Moment(session.OpenedAt),
            Moment(session.StageSince), wait / 1_000_000, wait % 1_000_000, 0, ClientName(session.HolderId),
            session.Server is { } server ? ServerName(server) : "", session.Peer.ProcessId,
            session.IsSecure ? "TLS" : "", session.HolderName, session.NamedCount, session.HolderId,
        ];
    }

    private static object?[] Row(ServerConnection server, string state)
    {
        var pool = server.Pool;
        return
        [
            "S", pool.User, pool.Name, "none", state, pool.Target.Way.IsUnix ? "unix" : pool.Target.Host,
            pool.Target.Way.Port, "", 0, Moment(server.OpenedAt), Moment(server.Since), 0, 0, server.IsSpent,
            ServerName(server), server.Holder is { } holder ? ClientName(holder.HolderId) : "", server.Facts.Pid,
            server.Wire is Wires.SocketWire ? "" : "TLS", server.Holder?.HolderName ?? "", server.Statements.Count,
            server.Id,
        ];
    }

    private static string ClientName(long id) => string.Create(CultureInfo.InvariantCulture, $"c{id}");

    /// <summary>Of the process that serves it: known to pg_stat_activity too.</summary>
    private static string ServerName(ServerConnection server) =>
        string.Create(CultureInfo.InvariantCulture, $"s{server.Facts.Pid}");

    /// <summary>A moment of the house's clock, as PgBouncer writes it, in UTC.</summary>
    private static string Moment(long at) => at == 0 ? "" : ConsoleMoment.Of(at);
}
