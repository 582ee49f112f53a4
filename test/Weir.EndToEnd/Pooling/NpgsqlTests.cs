using System.Globalization;
using Npgsql;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>What an app does with Npgsql, through a pool of few server connections in transaction mode.</summary>
public sealed class NpgsqlTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private readonly PoolDoor _pool;
    private readonly NpgsqlDataSource _stirrers;

    public NpgsqlTests(PostgresFixture postgres)
    {
        _pool = postgres.Pool();
        _stirrers = Source();
    }

    public void Dispose()
    {
        _stirrers.Dispose();
        _pool.Dispose();
    }

    [Fact]
    public async Task Connections_come_and_go_and_npgsqls_own_pool_resets_them()
    {
        await using var source = Source(text => text.MaxPoolSize = 3);
        for (var i = 0; i < 30; i++)
        {
            await using var connection = await source.OpenConnectionAsync();
            Assert.NotEqual("9MB", await One<string>(connection, "show work_mem"));
            await Run(connection, "set work_mem = '9MB'");
        }
    }

    [Fact]
    public async Task Prepared_statements_work_on_whichever_server_connection()
    {
        await using var source = Source(text => (text.MaxAutoPrepare, text.AutoPrepareMinUsages) = (5, 2));
        await using var connection = await source.OpenConnectionAsync();
        await using var add = new NpgsqlCommand("select $1 + 1", connection)
        {
            Parameters = { new NpgsqlParameter<int>() },
        };
        await add.PrepareAsync();
        for (var i = 0; i < 10; i++)
        {
            await using var held = await Stir();
            ((NpgsqlParameter<int>)add.Parameters[0]).TypedValue = i;
            Assert.Equal(i + 1, await add.ExecuteScalarAsync());
            // More texts than it keeps: it closes the oldest.
            for (var j = 0; j < 12; j++) Assert.Equal(j, await One<int>(connection, $"select {j}"));
        }

        connection.UnprepareAll();
        Assert.Equal(7, await One<int>(connection, "select 7"));
    }

    [Fact]
    public async Task A_batch_is_answered_in_order_and_fails_as_one()
    {
        await using var source = Source();
        await using var connection = await source.OpenConnectionAsync();
        await Run(connection, "create table if not exists npgsql_batch (id int primary key); truncate npgsql_batch");
        await using var batch = new NpgsqlBatch(connection);
        for (var i = 0; i < 200; i++)
        {
            var insert = new NpgsqlBatchCommand("insert into npgsql_batch values ($1) returning id");
            insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = i });
            batch.BatchCommands.Add(insert);
        }

        var sum = 0;
        await using (var reader = await batch.ExecuteReaderAsync())
        {
            do
            {
                while (await reader.ReadAsync()) sum += reader.GetInt32(0);
            }
            while (await reader.NextResultAsync());
        }

        Assert.Equal(19900, sum);
        await using var failing = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("insert into npgsql_batch values (1000)"), new("insert into npgsql_batch values (1)"),
            },
        };
        var fault = await Assert.ThrowsAsync<PostgresException>(() => failing.ExecuteNonQueryAsync());
        Assert.Equal(PostgresErrorCodes.UniqueViolation, fault.SqlState);
        Assert.Equal(200L, await One<long>(connection, "select count(*) from npgsql_batch"));
    }

    [Fact]
    public async Task Transactions_keep_their_server_connection_and_savepoints()
    {
        await using var source = Source();
        await using var connection = await source.OpenConnectionAsync();
        await Run(connection, "create table if not exists npgsql_tx (id int primary key); truncate npgsql_tx");
        await using (var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.Serializable))
        {
            await Run(connection, "insert into npgsql_tx values (1)");
            await transaction.SaveAsync("s");
            await Assert.ThrowsAsync<PostgresException>(() => Run(connection, "insert into npgsql_tx values (1)"));
            await transaction.RollbackAsync("s");
            await using var held = await Stir();
            await transaction.CommitAsync();
        }

        await using (await connection.BeginTransactionAsync())
        {
            await Run(connection, "insert into npgsql_tx values (2)");
        }

        Assert.Equal(1L, await One<long>(connection, "select count(*) from npgsql_tx"));
    }

    [Fact]
    public async Task Copy_goes_both_ways_and_may_be_given_up()
    {
        await using var source = Source();
        await using var connection = await source.OpenConnectionAsync();
        await Run(connection, "create table if not exists npgsql_copy (id int, word text); truncate npgsql_copy");
        const string In = "copy npgsql_copy from stdin (format binary)";
        await using (var import = await connection.BeginBinaryImportAsync(In))
        {
            for (var i = 0; i < 5000; i++) await import.WriteRowAsync(default, i, "word");
            Assert.Equal(5000UL, await import.CompleteAsync());
        }

        await using (var import = await connection.BeginBinaryImportAsync(In))
        {
            await import.WriteRowAsync(default, 1, "given up");
        }

        var rows = 0;
        await using (var export = await connection.BeginBinaryExportAsync("copy npgsql_copy to stdout (format binary)"))
        {
            while (await export.StartRowAsync() >= 0)
            {
                rows++;
                await export.SkipAsync();
                await export.SkipAsync();
            }
        }

        Assert.Equal(5000, rows);
    }

    [Fact]
    public async Task Notifications_come_to_the_client_that_listens()
    {
        await using var source = Source();
        await using var ear = await source.OpenConnectionAsync();
        await using var mouth = await source.OpenConnectionAsync();
        var heard = new List<string>();
        ear.Notification += (_, news) => heard.Add(news.Payload);
        await Run(ear, "listen npgsql_news");
        for (var i = 0; i < 3; i++)
        {
            await using var held = await Stir();
            await Run(mouth, string.Create(CultureInfo.InvariantCulture, $"notify npgsql_news, '{i}'"));
        }

        while (heard.Count < 3) Assert.True(await ear.WaitAsync(Soon), $"heard only {string.Join(", ", heard)}");
        Assert.Equal(["0", "1", "2"], heard);
    }

    [Fact]
    public async Task A_query_is_cancelled_and_the_session_goes_on()
    {
        await using var source = Source();
        await using var connection = await source.OpenConnectionAsync();
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await using (var sleep = new NpgsqlCommand("select pg_sleep(20)", connection))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sleep.ExecuteNonQueryAsync(soon.Token));
        Assert.Equal(7, await One<int>(connection, "select 7"));
    }

    [Fact]
    public async Task What_the_session_has_stays_with_it()
    {
        await using var source = Source();
        await using var mine = await source.OpenConnectionAsync();
        await using var theirs = await source.OpenConnectionAsync();
        await Run(mine, "set work_mem = '7MB'; create temp table mine (id int); select pg_advisory_lock(7008)");
        for (var i = 0; i < 4; i++)
        {
            await using var held = await Stir();
            Assert.Equal("7MB", await One<string>(mine, "show work_mem"));
            Assert.Equal("4MB", await One<string>(theirs, "show work_mem"));
            Assert.Equal(1, await Run(mine, "insert into mine values (1)"));
            Assert.False(await One<bool>(theirs, "select pg_try_advisory_lock(7008)"));
        }
    }

    [Fact]
    public async Task Multiplexed_commands_share_connections()
    {
        await using var source = Source(text => (text.Multiplexing, text.MaxPoolSize) = (true, 4));
        var answers = Enumerable.Range(0, 400).Select(async i =>
        {
            await using var command = source.CreateCommand("select $1");
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = i });
            return (int)(await command.ExecuteScalarAsync())! == i;
        });
        Assert.All(await Task.WhenAll(answers), Assert.True);
    }

    /// <summary>Takes the server connection that was used last, until it is disposed.</summary>
    private async Task<NpgsqlConnection> Stir()
    {
        var connection = await _stirrers.OpenConnectionAsync();
        await Run(connection, "begin; select 1");
        return connection;
    }

    private NpgsqlDataSource Source(Action<NpgsqlConnectionStringBuilder>? change = null)
    {
        var text = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = _pool.Port,
            Username = PostgresServer.User,
            Database = PostgresServer.Database,
            SslMode = SslMode.Disable,
            Timeout = 10,
        };
        change?.Invoke(text);
        return NpgsqlDataSource.Create(text);
    }

    private static async Task<int> Run(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync();
    }

    private static async Task<T> One<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
