namespace Weir.Core.Pooling.Sizing;

/// <summary>
/// How many server connections a pool is to have. Too few make queries wait that the server had room for; too many
/// take from others what the server has in all (max_connections), and make it slower once they are more than it has
/// processors and disks. So: never more than can be busy at once (a slot runs one query), never more than this host's
/// share of the server, and where the load was measured, what Little's law says with room for its waves.
/// </summary>
internal static class PoolSizing
{
    /// <summary>Where nothing is known: PgBouncer's.</summary>
    public const int Usual = 20;

    /// <param name="asked">pool.size; 0 = auto.</param>
    /// <param name="hosts">pool.hosts: Weirs that share the server.</param>
    /// <param name="slots">Requests that the apps of this host work on at once; 0 = not known.</param>
    /// <param name="busy">Mean of connections busy at once (<see cref="Busy"/>); 0 = not measured.</param>
    /// <param name="serverMax">max_connections; 0 = not known.</param>
    /// <param name="serverReserved">Of them, those that the server keeps for superusers and the like.</param>
    public static PoolSize Of(int asked, int hosts, int slots, double busy, int serverMax, int serverReserved)
    {
        var share = serverMax > 0 ? Math.Max(1, (serverMax - serverReserved) / Math.Max(1, hosts)) : int.MaxValue;
        var wanted = asked > 0
            ? new PoolSize(Math.Max(1, asked / Math.Max(1, hosts)), PoolSizeReason.Asked)
            : Proposed(slots, busy);
        return wanted.Connections > share ? new PoolSize(share, PoolSizeReason.Server) : wanted;
    }

    /// <summary>Little's law: the mean number of busy connections.</summary>
    /// <param name="perSecond">Transactions a second.</param>
    /// <param name="heldSeconds">Mean time for which a transaction holds its connection.</param>
    public static double Busy(double perSecond, double heldSeconds) => perSecond * heldSeconds;

    private static PoolSize Proposed(int slots, double busy)
    {
        var most = slots > 0 ? slots : Usual;
        if (busy <= 0)
            return new PoolSize(most, PoolSizeReason.Slots);
        // Independent arrivals swing by the root of their mean: two of it above are exceeded once in some forty looks.
        var wave = (int)Math.Ceiling(busy + (2 * Math.Sqrt(busy)));
        return wave < most ? new PoolSize(Math.Max(2, wave), PoolSizeReason.Load)
            : new PoolSize(most, PoolSizeReason.Slots);
    }
}
