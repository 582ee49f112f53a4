using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling.Chaos;

/// <summary>
/// What a client says, step by step; after each step it waits for one message of the server, or for nothing. A test
/// ends the client anywhere in it.
/// </summary>
internal sealed record Conversation(string Name, params (PgBatch Says, char WaitsFor)[] Steps)
{
    private const char Nothing = '\0';
    private const char Ready = 'Z';
    private static readonly string s_long = new('z', 3000);

    /// <summary>After the login, unless it is the login.</summary>
    public bool IsLogin { get; init; }

    public override string ToString() => Name;

    public static IReadOnlyList<Conversation> All { get; } =
    [
        new("login",
            (new PgBatch().Ssl(), Nothing),
            (new PgBatch().Startup("app", "app", ("options", "-c work_mem=3MB")), Ready))
        {
            IsLogin = true,
        },
        new("a query", (new PgBatch().Query("select 1"), Ready)),
        new("a long query", (new PgBatch().Query("select pg_sleep(60)"), Nothing)),
        new("a transaction",
            (new PgBatch().Query("begin"), Ready),
            (new PgBatch().Query("insert into victims values (1); select pg_advisory_xact_lock(1)"), Ready),
            (new PgBatch().Query("select pg_sleep(60)"), Nothing)),
        new("a failed transaction",
            (new PgBatch().Query("begin; select 1/0"), Ready), (new PgBatch().Query("select 1"), Ready)),
        new("extended",
            (new PgBatch().Parse("s", "insert into victims values ($1::int) returning id"), Nothing),
            (new PgBatch().Bind("", "s", "1").Describe('P').Execute().Sync(), Ready),
            (new PgBatch().Bind("p", "s", "2").Execute("p").Flush(), 'C'),
            (new PgBatch().Sync(), Ready)),
        new("a pipeline",
            (new PgBatch().Extended("begin").Extended("insert into victims values (3)").Extended("select 1/0")
                .Extended("rollback").Extended("select $1::text", s_long), Nothing),
            (new PgBatch().Extended("select pg_sleep(60)"), Nothing)),
        new("a portal left open",
            (new PgBatch().Query("begin"), Ready),
            (new PgBatch().Parse("", "select generate_series(1, 100000)").Bind("p", "").Execute("p", 5).Flush(), 's'),
            (new PgBatch().Execute("p", 5).Sync(), Ready)),
        new("copy in",
            (new PgBatch().Query("copy victims from stdin"), 'G'),
            (new PgBatch().CopyData("1\n2\n").CopyData("3\n" + new string('4', 3)), Nothing),
            (new PgBatch().CopyData("\n").CopyDone(), Ready)),
        new("a failing copy in",
            (new PgBatch().Query("copy victims from stdin"), 'G'),
            (new PgBatch().CopyData("no number\n"), 'E'),
            (new PgBatch().CopyData("1\n").CopyDone(), Ready)),
        new("copy out",
            (new PgBatch().Query("copy (select repeat('y', 1000) from generate_series(1, 50000)) to stdout"), 'd')),
        new("a large result", (new PgBatch().Query("select repeat('y', 1000) from generate_series(1, 50000)"), 'D')),
        new("pinned by all",
            (new PgBatch().Query("create temp table mine (id int); select pg_advisory_lock(5); listen news"), Ready),
            (new PgBatch().Query("set work_mem = '9MB'; prepare q as select 1"), Ready),
            (new PgBatch().Query("begin; declare c cursor with hold for select 1; commit"), Ready)),
        new("locks", (new PgBatch().Query("select pg_advisory_lock(6)"), Ready),
            (new PgBatch().Query("begin; lock victims in exclusive mode"), Ready)),
    ];
}
