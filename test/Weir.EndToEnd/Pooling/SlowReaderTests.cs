using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>
/// Results larger than memory should hold. WEIR_SLOW_READER_MEGABYTES (128; the full measure is 1024) is how large.
/// </summary>
public sealed class SlowReaderTests(PostgresFixture postgres)
{
    private const int RowBytes = 8192;
    private const long GrowthMax = 96 << 20;

    [Fact]
    public void A_large_result_moves_with_flat_memory_at_its_readers_pace()
    {
        var megabytes = TestSize.Of("WEIR_SLOW_READER_MEGABYTES", 128);
        var rows = megabytes * (1 << 20) / RowBytes;
        using var pool = postgres.Pool();
        using var client = PgRawClient.LogIn(pool.Port, PostgresServer.User, PostgresServer.Database);
        client.Do("select 1");
        var before = pool.Figures.ResidentBytes;
        long most = 0, read = 0;
        client.Send(new PgBatch().Query(string.Create(CultureInfo.InvariantCulture,
            $"select repeat('y', {RowBytes}) from generate_series(1, {rows})")));
        // As slow as can be at first: nothing is read, and the pooler must not take it all in meanwhile.
        Thread.Sleep(1500);
        most = pool.Figures.ResidentBytes;
        while (client.Read() is { } message && message.Kind != 'Z')
        {
            if (message.Kind == 'D' && ++read % 2000 == 0) most = Math.Max(most, pool.Figures.ResidentBytes);
            Assert.NotEqual('E', message.Kind);
        }

        Assert.Equal(rows, read);
        Assert.True(most - before < GrowthMax, $"{(most - before) >> 20} MiB more");
        Assert.Equal("1", client.Do("select 1"));
    }
}
