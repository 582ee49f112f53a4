using Weir.Core.Pooling.Messages;

namespace Weir.Pooling.Console;

/// <summary>Takes the console's commands: who may say what, and who does it.</summary>
internal sealed class ConsoleDesk(PoolHouse house)
{
    /// <summary>The database by whose name clients get here, as in PgBouncer.</summary>
    public const string Database = "pgbouncer";

    private readonly ConsoleShow _show = new(house);
    private readonly ConsoleActs _acts = new(house);

    /// <summary>What psql and drivers send of their own accord, which means nothing here.</summary>
    private static readonly string[] s_idle =
        ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "DISCARD", "RESET"];

    /// <summary>What drivers set at their start; PgBouncer overlooks the same.</summary>
    private static readonly string[] s_overlooked =
    [
        "client_encoding", "default_transaction_isolation", "standard_conforming_strings", "datestyle", "timezone",
        "application_name", "extra_float_digits", "client_min_messages", "search_path", "session",
    ];

    /// <summary>
    /// Runs one command. Ends with an <see cref="OperationCanceledException"/> where it was cancelled while it waited.
    /// </summary>
    public async Task<ConsoleReply> RunAsync(string text, bool isAdmin, CancellationToken cancel)
    {
        if (ConsoleCommand.Parse(text) is not { } command)
            return Invalid(text);
        if (command.Verb.Length == 0)
            return ConsoleReply.Empty;
        if (command.Verb == "SHOW")
            return _show.Run(command) ?? Invalid(text);
        if (s_idle.Contains(command.Verb))
            return ConsoleReply.Done(command.Verb == "START" ? "BEGIN" : command.Verb);
        if (command.Verb == "SET" && s_overlooked.Contains(command.Upper(0), StringComparer.OrdinalIgnoreCase))
            return ConsoleReply.Done("SET", $"{command.Words[0]} means nothing in the console");
        if (!ConsoleActs.Knows(command.Verb))
            return Invalid(text);
        // KILL_CLIENT too: in PgBouncer a stats user could end every client with it (CVE-2026-6667).
        if (!isAdmin)
        {
            return ConsoleReply.Wrong(SqlStates.InsufficientPrivilege,
                $"admin access needed for {command.Verb}; pool.stats-users may only look (SHOW)");
        }

        return await _acts.RunAsync(command, cancel).ConfigureAwait(false) ?? Invalid(text);
    }

    private static ConsoleReply Invalid(string text) =>
        ConsoleReply.Wrong(SqlStates.SyntaxError, $"invalid command '{text.Trim()}', use SHOW HELP;");
}
