namespace Weir.Config;

/// <summary>What a reload cannot change, because it was bound, opened or counted out at the start.</summary>
internal static class RestartOnly
{
    private static readonly (string Name, Func<WeirOptions, object> Value)[] s_rows =
    [
        ("listen-tls", weir => string.Join(',', weir.Edge.ListenTls)),
        ("http2", weir => weir.Edge.Http2),
        ("edge.io-threads", weir => weir.Edge.IoThreads),
        ("edge.io-uring", weir => weir.Edge.IoUring),
        ("edge.connections-max", weir => weir.Edge.ConnectionsMax),
        ("pool.listen", weir => string.Join(',', weir.Pool.Listen)),
        ("run.pool", weir => weir.Run.Pool),
        ("spill.directory", weir => weir.Spill.Directory),
        ("spill.max", weir => weir.Spill.BytesMax),
        ("cache.memory", weir => weir.Cache.MemoryMax),
        ("cache.answer-max", weir => weir.Cache.AnswerMax),
        ("cache.followers-max", weir => weir.Cache.FollowersMax),
        ("cache.redis", weir => (object?)weir.Cache.Shared.Url ?? ""),
        ("cache.redis-prefix", weir => weir.Cache.Shared.Prefix),
        ("cache.redis-secret", weir => weir.Cache.Shared.Secret),
        ("cache.redis-patience", weir => weir.Cache.Shared.Patience),
        ("log", weir => weir.Ledger.Log),
        ("log.file", weir => weir.Ledger.File),
        ("log.recent", weir => weir.Ledger.RecentMax),
        ("record", weir => weir.Record.File),
        ("record.max", weir => weir.Record.BytesMax),
        ("admin", weir => weir.Admin.Listen),
        ("admin.token", weir => weir.Admin.Token),
    ];

    public static IEnumerable<string> Names => s_rows.Select(row => row.Name);

    /// <summary>The settings of these that are given otherwise than those in force.</summary>
    public static IReadOnlyList<string> Changed(WeirOptions old, WeirOptions next) =>
        [.. s_rows.Where(row => !row.Value(old).Equals(row.Value(next))).Select(row => row.Name)];

    /// <summary>The new options with what stays as it is, so that they say what is in force.</summary>
    public static WeirOptions Keep(WeirOptions old, WeirOptions next) => next with
    {
        Edge = next.Edge with
        {
            ListenTls = old.Edge.ListenTls,
            Http2 = old.Edge.Http2,
            IoThreads = old.Edge.IoThreads,
            IoUring = old.Edge.IoUring,
            ConnectionsMax = old.Edge.ConnectionsMax,
        },
        Pool = next.Pool with { Listen = old.Pool.Listen },
        Run = next.Run with { Pool = old.Run.Pool },
        Spill = old.Spill,
        Cache = old.Cache,
        Ledger = old.Ledger,
        Record = old.Record,
        Admin = old.Admin,
    };
}
