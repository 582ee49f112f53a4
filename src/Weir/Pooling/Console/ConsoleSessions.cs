using System.Globalization;
using System.Text;
using Weir.Beat;
using Weir.Core.Pooling.State;

namespace Weir.Pooling.Console;

/// <summary>What only Weir can show: who is pinned and why, who waits, which statements there are.</summary>
internal sealed class ConsoleSessions(PoolHouse house)
{
    private const ConsoleType Text = ConsoleType.Text;
    private const ConsoleType Int8 = ConsoleType.Int8;

    /// <summary>Of a statement's text so much is shown.</summary>
    private const int TextCharsMax = 1000;

    /// <summary>
    /// The pinned clients, and for each pool how often a server connection was reset, hidden: after code ran that
    /// nobody here has read.
    /// </summary>
    public ConsoleTable Pins()
    {
        var table = new ConsoleTable(("client", Text), ("id", ConsoleType.Int4), ("database", Text), ("user", Text),
            ("server_pid", ConsoleType.Int4), ("reasons", Text), ("since", Text), ("idle", Int8), ("resets", Int8),
            ("hidden_resets", Int8));
        var now = Clock.Now;
        foreach (var session in house.Sessions().Where(session => session.Pins != PinReasons.None))
        {
            var idle = session.IdleSince is var since and > 0 ? Math.Max(0, now - since) / 1_000_000 : 0;
            table.Add(session.HolderName, session.HolderId, session.Database, session.User,
                session.Server?.Facts.Pid, PinWords.Of(session.Pins), ConsoleMoment.Of(session.PinnedSince), idle,
                null, null);
        }

        foreach (var pool in house.Pools.All)
        {
            table.Add("(pool)", null, pool.Name, pool.User, null, "", null, null, pool.Counters.Resets,
                pool.Counters.HiddenResets);
        }

        return table;
    }

    /// <summary>Each pool's line, the first first; age in microseconds.</summary>
    public ConsoleTable Queue()
    {
        var table = new ConsoleTable(("database", Text), ("user", Text), ("position", ConsoleType.Int4),
            ("client", Text), ("id", ConsoleType.Int4), ("since", Text), ("age_us", Int8));
        var now = Clock.Now;
        foreach (var pool in house.Pools.All)
        {
            var position = 0;
            foreach (var (holder, since) in pool.Line())
            {
                table.Add(pool.Name, pool.User, ++position, holder.HolderName, holder.HolderId,
                    ConsoleMoment.Of(since), Math.Max(0, now - since));
            }
        }

        return table;
    }

    /// <summary>Prepared statements of the protocol, those of most users first.</summary>
    public ConsoleTable Statements()
    {
        var table = new ConsoleTable(("id", ConsoleType.Int4), ("users", ConsoleType.Int4), ("text", Text));
        foreach (var statement in house.Statements.Snapshot().OrderByDescending(statement => statement.Users))
            table.Add(statement.Id, statement.Users, Shown(statement.Text));
        return table;
    }

    private static string Shown(byte[] text)
    {
        var shown = Encoding.UTF8.GetString(text);
        return shown.Length <= TextCharsMax ? shown
            : string.Create(CultureInfo.InvariantCulture, $"{shown[..TextCharsMax]}… ({shown.Length} characters)");
    }
}
