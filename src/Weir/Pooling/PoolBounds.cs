namespace Weir.Pooling;

/// <summary>
/// Bounds that pools or clients have together: what the database or the user has of its own, else what holds for all;
/// 0 = none. As in PgBouncer, an entry's 0 says nothing.
/// </summary>
internal static class PoolBounds
{
    /// <summary>Server connections of all pools of a database.</summary>
    public static int Connections(PoolOptions options, PoolDatabase? database) =>
        Own(database?.ConnectionsMax, options.DatabaseConnectionsMax);

    /// <summary>Server connections of all pools of a user.</summary>
    public static int Connections(PoolOptions options, PoolUser? user) =>
        Own(user?.ConnectionsMax, options.UserConnectionsMax);

    public static int Clients(PoolOptions options, PoolDatabase? database) =>
        Own(database?.ClientsMax, options.DatabaseClientsMax);

    public static int Clients(PoolOptions options, PoolUser? user) => Own(user?.ClientsMax, options.UserClientsMax);

    /// <summary>Of what several Weirs may open together, what this one may.</summary>
    public static int OfHost(int max, int hosts) => max > 0 ? Math.Max(1, max / Math.Max(1, hosts)) : 0;

    private static int Own(int? own, int all) => own is > 0 and var max ? max : all;
}
