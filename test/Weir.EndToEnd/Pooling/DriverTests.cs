using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>
/// Drivers as Debian ships them, each with a script of what apps do with it (Drivers/), through a pool of few server
/// connections in transaction mode. A script prints "ok CASE" or "FAILED CASE why"; the cases are counted, so that one
/// that ends early fails too.
/// </summary>
public sealed class DriverTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static TheoryData<string, string[], int> Scripts => new()
    {
        { "psycopg2", ["/usr/bin/python3", "-B", "psycopg2_cases.py"], 14 },
        { "psycopg", ["/usr/bin/python3", "-B", "psycopg3_cases.py"], 16 },
        { "asyncpg", ["/usr/bin/python3", "-B", "asyncpg_cases.py"], 14 },
        { "ruby-pg", ["/usr/bin/ruby", "ruby_pg_cases.rb"], 12 },
        { "node-pg", ["node", "node_pg_cases.js"], 13 },
        { "pgjdbc", ["/usr/bin/java", "-cp", "/usr/share/java/postgresql.jar", "PgjdbcCases.java"], 14 },
        { "django", ["/usr/bin/python3", "-B", "django_cases.py"], 7 },
        { "activerecord", ["/usr/bin/ruby", "activerecord_cases.rb"], 7 },
    };

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_driver_does_all_that_it_does_on_a_connection_of_its_own(string driver, string[] command, int cases)
    {
        RealServer.Require(driver);
        using var pool = postgres.Pool();
        var said = Run(command, pool.Port);
        var lines = said.Split('\n');
        Assert.True(
            lines.Count(line => line.StartsWith("ok ", StringComparison.Ordinal)) == cases
                && !lines.Any(line => line.StartsWith("FAILED ", StringComparison.Ordinal)),
            $"{cases} cases of {driver}:\n{said}");
    }

    [Fact]
    public void Libpq_keeps_its_eleven_pipelines()
    {
        var program = RealServer.Require("libpq_pipeline");
        // The program wants messages in English, which a plain user may not ask for.
        postgres.Server.Do("grant set on parameter lc_messages to app");
        using var pool = postgres.Pool();
        var failed = new List<string>();
        string[] names =
        [
            "disallowed_in_pipeline", "multi_pipelines", "nosync", "pipeline_abort", "pipeline_idle",
            "pipelined_insert", "prepared", "simple_pipeline", "singlerow", "transaction", "uniqviol",
        ];
        foreach (var name in names)
        {
            var where = string.Create(CultureInfo.InvariantCulture,
                $"host=127.0.0.1 port={pool.Port} user={PostgresServer.User} dbname={PostgresServer.Database}");
            using var process = ChildProcess.Start([program, "-r", "700", name, where]);
            if (!process.WaitForExit(Limit) || process.ExitCode != 0) failed.Add($"{name}: {process.Output}");
        }

        Assert.Empty(failed);
    }

    private static string Run(string[] command, int port)
    {
        // The script is the one word that names a file of ours.
        string[] words =
        [
            .. command.Select(word => Path.Combine(Folder, word) is var path && File.Exists(path) ? path : word),
            port.ToString(CultureInfo.InvariantCulture), PostgresServer.User, PostgresServer.Database,
        ];
        using var process = ChildProcess.Start(words, new Dictionary<string, string>
        {
            // Where Debian puts Node's packages, and where they are if Node itself is not Debian's.
            ["NODE_PATH"] = "/usr/share/nodejs:/var/cache/weir-tests/node/node_modules",
        });
        return process.WaitForExit(Limit)
            ? process.Output
            : $"it did not end in {Limit.TotalSeconds} s:\n{process.Output}";
    }

    private static string Folder => Path.Combine(Checkout.Root, "test", "Weir.EndToEnd", "Pooling", "Drivers");
}
