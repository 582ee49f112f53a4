using Weir.Core.Pooling.Catalogue;
using Weir.Core.Pooling.Messages;

namespace Weir.Pooling;

/// <summary>Reads each database's catalogue: at first use, each minute while it is used, and soon after DDL.</summary>
internal sealed class CatalogueWatch(PoolRooms rooms, Pools pools)
{
    private const long EveryMicros = 60_000_000;

    /// <summary>
    /// A migration is many statements; between two readings of one everything is reset, which is safe.
    /// </summary>
    private const long SoonMicros = 1_000_000;

    private static readonly TimeSpan QueryMax = TimeSpan.FromSeconds(10);

    private readonly Dictionary<Pool, Watched> _all = [];

    /// <summary>On the heartbeat's thread.</summary>
    public void Tick(long now)
    {
        foreach (var pool in pools.All)
        {
            if (!_all.TryGetValue(pool, out var watched))
                _all.Add(pool, watched = new Watched());
            var view = pool.Counters;
            var isUsed = view.Assignments != watched.Assignments;
            var after = pool.WantsCatalogue ? SoonMicros : EveryMicros;
            if (watched.IsRunning || !isUsed && !pool.WantsCatalogue || view.ServersOpened == 0
                || watched.ReadAt != 0 && now - watched.ReadAt < after)
                continue;
            watched.Assignments = view.Assignments;
            watched.ReadAt = now;
            watched.IsRunning = true;
            _ = ReadAsync(pool, watched);
        }
    }

    private async Task ReadAsync(Pool pool, Watched watched)
    {
        try
        {
            await Task.Yield();
            pool.WantsCatalogue = false;
            var epoch = pool.SchemaEpoch;
            var reader = new CatalogueReader();
            var why = await HouseQuery.RunAsync(
                rooms, pool, CatalogueFacts.Query.ToArray(), QueryMax, body => TakeRow(reader, body))
                .ConfigureAwait(false);
            if (why is not null)
            {
                if (!watched.WasTold)
                    rooms.Say(PoolMessage.CatalogueUnread, pool, why.Message);
                watched.WasTold = true;
                pool.Catalogue = CatalogueFacts.Unknown;
            }
            else if (epoch == pool.SchemaEpoch)
            {
                watched.WasTold = false;
                var facts = reader.Build();
                // The same facts as before leave what was read with them in force.
                if (!facts.Equals(pool.Catalogue))
                    pool.Catalogue = facts;
            }
        }
        catch (Exception fault)
        {
            rooms.WhenFault?.Invoke(fault);
        }
        finally
        {
            watched.IsRunning = false;
        }
    }

    private static void TakeRow(CatalogueReader reader, ReadOnlySpan<byte> body)
    {
        var fields = new RowFields(body);
        if (fields.TryNext(out var kind, out _) && fields.TryNext(out var name, out _)
            && fields.TryNext(out var detail, out _) && fields.TryNext(out var source, out _))
            reader.Row(kind, name, detail, source);
    }

    private sealed class Watched
    {
        public long ReadAt { get; set; }
        public long Assignments { get; set; }
        public bool WasTold { get; set; }
        public volatile bool IsRunning;
    }
}
