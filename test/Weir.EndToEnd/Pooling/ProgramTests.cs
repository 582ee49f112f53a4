using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>PostgreSQL's own programs through the pooler in transaction mode.</summary>
public sealed class ProgramTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public void Psql_runs_a_script_with_copies_and_everything_of_a_session()
    {
        using var pool = postgres.Pool(poolSize: 2);
        var folder = TemporaryFolder.Make();
        try
        {
            var rows = TemporaryFolder.Write(folder, "rows", "1\ta\n2\tb\n");
            var script = TemporaryFolder.Write(folder, "script.sql",
                $"""
                set work_mem = '6MB';
                create temp table mine (id int, word text);
                \copy mine from '{rows}'
                begin; insert into mine values (3, 'c'); savepoint s; insert into mine values (4, 'd');
                rollback to s; commit;
                prepare q (int) as select word from mine where id = $1;
                execute q (3);
                \copy (select * from mine order by id) to '{folder}/out'
                \d mine
                \dt
                show work_mem;
                select count(*) as n from mine \gset
                \echo there are :n
                """);
            var said = Run(pool, "psql", "-X", "-v", "ON_ERROR_STOP=1", "-f", script, PostgresServer.Database);
            Assert.Contains("there are 3", said, StringComparison.Ordinal);
            Assert.Contains("6MB", said, StringComparison.Ordinal);
            Assert.Equal("1\ta\n2\tb\n3\tc\n", File.ReadAllText(Path.Combine(folder, "out")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("-Fc")]
    [InlineData("-Fd", "-j", "2")]
    public void What_pg_dump_wrote_pg_restore_brings_back(params string[] format)
    {
        using var pool = postgres.Pool();
        var folder = TemporaryFolder.Make();
        var schema = "dumped" + Guid.NewGuid().ToString("N")[..8];
        try
        {
            using var client = PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
            client.Do($"create schema {schema}; create table {schema}.t (id serial primary key, word text unique)");
            client.Do($"create view {schema}.v as select count(*) from {schema}.t");
            client.Do($"insert into {schema}.t (word) select repeat('w', 50) || g from generate_series(1, 5000) g");
            var file = Path.Combine(folder, "dump");
            Run(pool, "pg_dump", [.. format, "-n", schema, "-f", file, PostgresServer.Database]);
            // A dump leaves search_path empty behind it on the connection that it had.
            Assert.Equal("\"$user\", public", client.Do("show search_path"));
            client.Do($"drop schema {schema} cascade");
            // pg_restore -n does not make the schema itself.
            client.Do($"create schema {schema}");
            Run(pool, "pg_restore",
                [.. format.Skip(1), "-n", schema, "-d", PostgresServer.Database, "--exit-on-error", file]);
            Assert.Equal("5000", client.Do($"select * from {schema}.v"));
            Assert.Equal("5001", client.Do($"insert into {schema}.t (word) values ('next') returning id"));
            client.Do($"drop schema {schema} cascade");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("simple")]
    [InlineData("extended")]
    [InlineData("prepared")]
    public void Pgbench_runs_its_mixed_transactions_without_a_failure(string protocol)
    {
        using var pool = postgres.Pool();
        // The tables are the same for all three: made by whoever comes first.
        lock (s_filled)
        {
            if (postgres.Server.Do("select to_regclass('pgbench_accounts') is null") == "t")
                Run(pool, "pgbench", "-i", "-q", "-s", "1", PostgresServer.Database);
        }

        // A thread a client: pgbench waits for the answer to a Parse, and its thread's other clients, who may hold the
        // server connections, wait meanwhile.
        var said = Run(pool, "pgbench", "-n", "-M", protocol, "-c", "20", "-j", "20", "-t", "100", "--max-tries", "10",
            PostgresServer.Database);
        Assert.Contains("2000/2000", said, StringComparison.Ordinal);
        Assert.DoesNotContain("aborted", said, StringComparison.Ordinal);
    }

    private static readonly Lock s_filled = new();

    private static string Run(PoolDoor pool, string program, params string[] arguments)
    {
        using var process = ChildProcess.Start(
            [Path.Combine(PostgresServer.Programs()!, program), .. arguments],
            new Dictionary<string, string>
            {
                ["PGHOST"] = "127.0.0.1",
                ["PGPORT"] = pool.Port.ToString(CultureInfo.InvariantCulture),
                ["PGUSER"] = PostgresServer.User,
                ["PGCONNECT_TIMEOUT"] = "10",
            });
        Assert.True(process.WaitForExit(Limit), $"{program} does not end:\n{process.Output}");
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}:\n{process.Output}");
        return process.Output;
    }
}
