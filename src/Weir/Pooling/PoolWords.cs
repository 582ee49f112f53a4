using System.Globalization;
using Weir.Beat;
using Weir.Core.Pooling.Leasing;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.State;

namespace Weir.Pooling;

/// <summary>What clients are told when a pool is used up: which pool, its bound, and who has the connections.</summary>
internal static class PoolWords
{
    private const int HoldersShown = 3;

    /// <summary>
    /// The end of a wait. Where there is no server connection at all, it is the server that is to blame, and its own
    /// reason comes first.
    /// </summary>
    public static PgError Late(Pool pool, long micros)
    {
        var view = pool.View();
        return view.LastFailure is { } why && view.Servers.Count == 0
            ? PgError.Fatal(why.Code, string.Create(CultureInfo.InvariantCulture,
                $"{why.Message}; it was tried for {micros / 1e6:0.#} s: {State(pool, view)}"))
            : PgError.Fatal(SqlStates.TooManyConnections, WaitedTooLong(pool, micros));
    }

    public static string WaitedTooLong(Pool pool, long micros) => string.Create(CultureInfo.InvariantCulture,
        $"no server connection was free within {micros / 1e6:0.#} s: {State(pool)}");

    public static string Waits(Pool pool) => $"waiting for a server connection: {State(pool)}";

    public static string NoMorePins(Pool pool, PinReasons wanted) => string.Create(CultureInfo.InvariantCulture,
        $"this session needs a server connection of its own ({PinWords.Of(wanted)}), and {pool.Limits.Lease.PinsMax} "
        + $"are pinned already (pool.pins-max): {State(pool)}");

    private static string State(Pool pool)
    {
        var view = pool.View();
        var failure = view.LastFailure is { } why ? $"; the last log-in failed: {why.Message}" : "";
        return State(pool, view) + failure;
    }

    private static string State(Pool pool, PoolView view) => string.Create(CultureInfo.InvariantCulture,
        $"pool {pool.Database}/{pool.User} has {view.Leased} of {pool.Limits.Lease.CountMax} lent, {view.Pinned} "
        + $"pinned, {view.Waiting} waiting{Holders(view)}{(view.IsPaused ? "; it is paused (PAUSE)" : "")}"
        + $"{string.Concat(pool.FullBounds().Select(bound => "; " + bound))}");

    /// <summary>A client that proved who it is, and is one too many.</summary>
    public static PgError NoMoreClients(ClientBound bound, string user, string database, int max)
    {
        var count = max.ToString(CultureInfo.InvariantCulture);
        return PgError.Fatal(SqlStates.TooManyConnections, bound == ClientBound.User
            ? $"user \"{user}\" has all of its {count} clients "
                + "(pool.user-clients-max, max_user_client_connections)"
            : $"database \"{database}\" has all of its {count} clients, and user \"{user}\" would be one more "
                + "(pool.database-clients-max, max_db_client_connections)");
    }

    private static string Holders(PoolView view)
    {
        var now = Clock.Now;
        var longest = view.Servers.Where(server => server.Holder is not null).OrderBy(server => server.Since)
            .Take(HoldersShown)
            .Select(server => string.Create(CultureInfo.InvariantCulture,
                $"{server.Holder?.HolderName} for {(now - server.Since) / 1e6:0.0} s"))
            .ToArray();
        return longest.Length == 0 ? "" : $"; held longest by {string.Join(", ", longest)}";
    }
}
