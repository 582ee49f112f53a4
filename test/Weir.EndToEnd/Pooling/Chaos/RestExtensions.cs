using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling.Chaos;

internal static class RestExtensions
{
    /// <summary>
    /// Waits until nobody runs a query or has a transaction open, nobody holds a lock, and no more server connections
    /// are there than a pool may have.
    /// </summary>
    public static void IsAtRest(this PostgresServer server, int connectionsMax, TimeSpan limit)
    {
        Eventually.True(
            () => server.Activity().All(one => one.State == "idle" && !one.IsInTransaction)
                && server.Locks().Count == 0 && server.Activity().Count <= connectionsMax,
            () => $"at rest; there are\n{string.Join('\n', server.Activity())}\n{string.Join('\n', server.Locks())}",
            limit);
    }
}
