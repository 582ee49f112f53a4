using System.Globalization;
using Weir.Core.Pooling.Messages;

namespace Weir.Pooling.Console;

/// <summary>The console's commands that change something. Who may say them was asked before.</summary>
internal sealed class ConsoleActs(PoolHouse house)
{
    /// <summary>Nobody waits for a console; looking at a handful of pools costs nothing.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    private static readonly string[] s_verbs =
    [
        "PAUSE", "RESUME", "RECONNECT", "KILL", "KILL_CLIENT", "DISABLE", "ENABLE", "RELOAD", "SUSPEND", "SHUTDOWN",
        "WAIT_CLOSE", "SET",
    ];

    /// <summary>For SHOW HELP.</summary>
    public static IReadOnlyList<string> Forms { get; } =
    [
        "SET key = value", "RELOAD", "PAUSE [database]", "RESUME [database]", "RECONNECT [database]", "KILL [database]",
        "KILL_CLIENT id", "DISABLE database", "ENABLE database", "WAIT_CLOSE [database]",
        "SHUTDOWN [WAIT_FOR_SERVERS|WAIT_FOR_CLIENTS]",
    ];

    public static bool Knows(string verb) => s_verbs.Contains(verb);

    /// <summary>Null: there is no such command.</summary>
    public async Task<ConsoleReply?> RunAsync(ConsoleCommand command, CancellationToken cancel)
    {
        switch (command.Verb)
        {
            case "SET" when command.Words.Count == 2:
                return Set(command.Words[0], command.Words[1]);
            case "SUSPEND" when command.Words.Count == 0:
                return ConsoleReply.Wrong(SqlStates.FeatureNotSupported,
                    "SUSPEND hands sockets to a PgBouncer that takes over; Weir is not taken over that way: use PAUSE");
            case "RELOAD" when command.Words.Count == 0:
                return await ReloadAsync().ConfigureAwait(false);
            case "SHUTDOWN" when command.Words.Count <= 1:
                return Shutdown(command.Upper(0));
            case "KILL_CLIENT" when command.Words.Count == 1:
                return KillClient(command.Words[0]);
            case "DISABLE" or "ENABLE" when command.Words.Count == 0:
                return Wrong("a database is required");
        }

        if (command.Verb is "SET" or "SUSPEND" or "RELOAD" or "SHUTDOWN" or "KILL_CLIENT" || command.Words.Count > 1)
            return null;
        var database = command.Words.Count == 0 ? null : command.Words[0];
        if (database == ConsoleDesk.Database)
            return Wrong($"cannot {command.Verb.ToLowerInvariant()} admin db: {database}");
        if (database is not null && !house.Pools.Has(database))
            return ConsoleReply.Wrong(SqlStates.InvalidCatalogName, $"no such database: {database}");
        return command.Verb switch
        {
            "PAUSE" => await PauseAsync(database, cancel).ConfigureAwait(false),
            "RESUME" => Resume(database),
            "RECONNECT" => Reconnect(database),
            "KILL" => Kill(database),
            "WAIT_CLOSE" => await WaitCloseAsync(database, cancel).ConfigureAwait(false),
            var verb => Disable(database!, verb),
        };
    }

    private static ConsoleReply Wrong(string why) => ConsoleReply.Wrong(SqlStates.ObjectNotReady, why);

    private ConsoleReply Set(string key, string value)
    {
        if (ConsoleSettings.Change(house.Options, key, value, out var problem) is not { } next)
            return ConsoleReply.Wrong(SqlStates.InvalidParameterValue, problem);
        try
        {
            house.Adopt(next);
        }
        catch (FormatException fault)
        {
            return ConsoleReply.Wrong(SqlStates.InvalidParameterValue, fault.Message);
        }

        return ConsoleReply.Done($"SET {key}={value}", "until the next reload or restart");
    }

    private async Task<ConsoleReply> ReloadAsync()
    {
        if (house.Reload is not { } reload)
            return Wrong("this Weir cannot be reloaded from here: use weir reload");
        // Files are read and certificates loaded: not on an I/O thread.
        var problems = await Task.Run(reload).ConfigureAwait(false);
        return problems.Count == 0 ? ConsoleReply.Done("RELOAD")
            : ConsoleReply.Wrong("F0000", $"RELOAD failed: {string.Join("; ", problems)}");
    }

    private ConsoleReply Shutdown(string how)
    {
        if (how is not ("" or "WAIT_FOR_SERVERS" or "WAIT_FOR_CLIENTS"))
            return ConsoleReply.Wrong(SqlStates.SyntaxError, $"SHUTDOWN does not know {how}");
        if (house.Shutdown is not { } shutdown)
            return Wrong("this pooler is a part of weir run: end that");
        shutdown(how switch
        {
            "WAIT_FOR_SERVERS" => PoolShutdown.WaitForServers,
            "WAIT_FOR_CLIENTS" => PoolShutdown.WaitForClients,
            _ => PoolShutdown.Now,
        });
        return ConsoleReply.Done("SHUTDOWN");
    }

    private ConsoleReply KillClient(string text)
    {
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return ConsoleReply.Wrong(SqlStates.InvalidParameterValue,
                $"invalid client id '{text}'; SHOW CLIENTS has it");
        }

        if (house.Sessions().FirstOrDefault(session => session.HolderId == id) is not { } session)
            return Wrong($"client not found: {id}");
        session.End(PgError.Fatal(SqlStates.AdminShutdown, "ended from the console (KILL_CLIENT)"), now: true);
        return ConsoleReply.Done("KILL_CLIENT");
    }

    private ConsoleReply Disable(string database, string verb)
    {
        house.Pools.Disable(database, verb == "DISABLE");
        return ConsoleReply.Done(verb);
    }

    /// <summary>
    /// Ends when every server connection is back and closed. Where it does not get so far (cancelled, or the console's
    /// client has gone), clients are let on: nobody would know that they have to be.
    /// </summary>
    private async Task<ConsoleReply> PauseAsync(string? database, CancellationToken cancel)
    {
        if (!house.Pools.Pause(database))
            return Wrong(database is null ? "already suspended/paused" : $"database {database} is paused already");
        try
        {
            while (house.Pools.Of(database).Any(pool => pool.ServersCount > 0))
                await Task.Delay(LookEvery, cancel).ConfigureAwait(false);
            return ConsoleReply.Done("PAUSE");
        }
        catch (OperationCanceledException)
        {
            house.Pools.Resume(database);
            throw;
        }
    }

    private ConsoleReply Resume(string? database) => house.Pools.Resume(database) ? ConsoleReply.Done("RESUME")
        : Wrong(database is null ? "pooler is not paused/suspended" : $"database {database} is not paused");

    private ConsoleReply Reconnect(string? database)
    {
        foreach (var pool in house.Pools.Of(database))
            pool.Renew();
        return ConsoleReply.Done("RECONNECT");
    }

    /// <summary>Its clients go at once, and nobody is served until RESUME.</summary>
    private ConsoleReply Kill(string? database)
    {
        house.Pools.Pause(database);
        var why = PgError.Fatal(SqlStates.AdminShutdown, "ended from the console (KILL)");
        var pools = house.Pools.Of(database).ToHashSet();
        foreach (var session in house.Sessions())
        {
            if (session.Pool is { } pool && pools.Contains(pool))
                session.End(why, now: true);
        }

        return ConsoleReply.Done("KILL");
    }

    /// <summary>Ends when what was open at RECONNECT, and is lent still, has been closed.</summary>
    private async Task<ConsoleReply> WaitCloseAsync(string? database, CancellationToken cancel)
    {
        while (house.Pools.Of(database).Any(pool => pool.View().Servers.Any(server => server.IsSpent)))
            await Task.Delay(LookEvery, cancel).ConfigureAwait(false);
        return ConsoleReply.Done("WAIT_CLOSE");
    }
}
