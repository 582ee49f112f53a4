using Weir.Beat;
using Weir.Core.Pooling.Leasing;

namespace Weir.Pooling;

/// <summary>What one pool is held to. Times in microseconds of the house's clock; 0 = no bound.</summary>
internal sealed record PoolLimits
{
    public LeaseLimits Lease { get; init; } = new();
    public PoolMode Mode { get; init; } = PoolMode.Transaction;
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);
    public long WaitMax { get; init; }
    public long WaitNotify { get; init; }
    public long ServerLifetime { get; init; }
    public long ServerIdle { get; init; } = long.MaxValue / 2;
    public long IdleTransaction { get; init; }
    public long QueryTimeout { get; init; }
    public long ClientIdle { get; init; }
    public long Abandon { get; init; } = 5_000_000;
    public int StatementsMax { get; init; } = 500;
    public long SpoolMemory { get; init; } = 1L << 20;
    public long SpoolMax { get; init; } = 64L << 20;

    /// <param name="user">What the pool's user has of its own, which goes before its database's; null: nothing.</param>
    public static PoolLimits Of(PoolOptions options, PoolDatabase? database, PoolUser? user, int slots)
    {
        var all = options.Size > 0 ? options.Size : Math.Max(4, slots);
        var size = Math.Max(1, Bound(user?.Size) ?? Bound(database?.Size) ?? all);
        var serverMax = database?.ServerMax ?? int.MaxValue;
        size = Math.Max(1, Math.Min(size / Math.Max(1, options.Hosts), serverMax));
        var reserve = options.ReserveAfter == TimeSpan.Zero ? 0
            : user?.ReserveSize ?? database?.ReserveSize ?? options.ReserveSize;
        return new PoolLimits
        {
            Lease = new LeaseLimits
            {
                SizeMax = size,
                ReserveMax = Math.Clamp(reserve / Math.Max(1, options.Hosts), 0, Math.Max(0, serverMax - size)),
                ReserveAfter = Clock.Micros(options.ReserveAfter),
                SizeMin = Math.Min(size, database?.SizeMin ?? options.SizeMin),
                PinsMax = options.PinsMax > 0 ? options.PinsMax : size,
            },
            Mode = user?.Mode ?? database?.Mode ?? options.Mode,
            ConnectTimeout = options.ConnectTimeout,
            WaitMax = Clock.Micros(options.WaitMax),
            WaitNotify = Clock.Micros(options.WaitNotify),
            ServerLifetime = Clock.Micros(options.ServerLifetime),
            ServerIdle = options.ServerIdle > TimeSpan.Zero ? Clock.Micros(options.ServerIdle) : long.MaxValue / 2,
            IdleTransaction = Clock.Micros(options.IdleTransaction),
            QueryTimeout = Clock.Micros(options.QueryTimeout),
            ClientIdle = Clock.Micros(options.ClientIdle),
            Abandon = Clock.Micros(options.Abandon),
            StatementsMax = options.StatementsMax,
            SpoolMemory = options.SpoolMemory,
            SpoolMax = options.SpoolMax,
        };
    }

    /// <summary>0 says that there is to be none.</summary>
    private static int? Bound(int? size) => size == 0 ? PoolOptions.SizeMax : size;

    /// <summary>
    /// When a connection opened now is too old: up to a fifth earlier than the lifetime, so that those which were
    /// opened together are not all renewed together.
    /// </summary>
    /// <param name="chance">From 0 to 1.</param>
    public long RetireAt(long now, double chance) =>
        ServerLifetime == 0 ? long.MaxValue : now + ServerLifetime - (long)(ServerLifetime * 0.2 * chance);
}
