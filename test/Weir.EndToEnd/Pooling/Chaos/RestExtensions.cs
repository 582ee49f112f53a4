using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling.Chaos;

internal static class RestExtensions
{
    /// <summary>
    /// Waits until nobody runs a query or has a transaction open, nobody holds a lock, and no more server connections
    /// are there than a pool may have and the pooler may keep for itself (two).
    /// </summary>
    public static void IsAtRest(this PostgresServer server, int connectionsMax, TimeSpan limit, string after = "")
    {
        Eventually.True(
            () => server.Activity().All(one => one.State == "idle" && !one.IsInTransaction)
                && server.Locks().Count == 0 && server.Activity().Count <= connectionsMax + 2,
            () => $"at rest {after}; there are\n" + string.Join('\n', server.Activity().Select(one => one.ToString())
                .Concat(server.Locks())),
            limit);
    }
}
