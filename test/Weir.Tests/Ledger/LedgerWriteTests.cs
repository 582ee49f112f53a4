using System.Text;
using Weir.Core.Http;
using Weir.Core.Ledger;
using Weir.Ledger;
using Weir.Tests.Support;

namespace Weir.Tests.Ledger;

public sealed class LedgerWriteTests
{
    private readonly ExchangeLedger _ledger = new(new() { Log = LogFormat.Off, RecentMax = 100 });

    [Fact]
    public void What_is_written_is_counted()
    {
        var entry = Entries.Plain();
        _ledger.Write(entry);
        entry.Outcome = Outcome.FirstByteTimeout;
        entry.LastPhase = Phase.App;
        entry.Status = 503;
        entry.Tries = 3;
        _ledger.Write(entry);
        var app = _ledger.Totals().Of("web")!;
        Assert.Equal(2, app.Total.Count);
        Assert.Equal(1, app.CountOf(Outcome.FirstByteTimeout, Phase.App));
        Assert.Equal(2, app.Redispatches);
        Assert.Equal(196, app.ResponseBytes);
        Assert.Equal([200, 503], app.Series().Select(series => series.Status).Order());
    }

    [Fact]
    public void Counts_of_phases_add_up_to_the_total()
    {
        _ledger.Write(Entries.Plain());
        var app = _ledger.Totals().Of("web")!;
        long sum = 0;
        for (var phase = Phase.Receive; phase <= Phase.Send; phase++)
            sum += app.PhaseOf(phase).SumMicros;
        Assert.Equal(Entries.Plain().Times.Total, sum);
        Assert.Equal(sum, app.Total.SumMicros);
    }

    [Fact]
    public void Writers_on_many_threads_lose_no_count()
    {
        RunOnThreads(8, 5_000, _ => _ledger.Write(Entries.Plain()));
        RunOnThreads(8, 5_000, _ => _ledger.Write(Entries.Plain()));
        Assert.Equal(80_000, _ledger.Totals().Exchanges);
    }

    [Fact]
    public void Two_ledgers_on_one_thread_keep_apart()
    {
        var other = new ExchangeLedger(new() { Log = LogFormat.Off });
        for (var i = 0; i < 10; i++)
        {
            _ledger.Write(Entries.Plain());
            other.Write(Entries.Plain());
        }
        Assert.Equal(10, _ledger.Totals().Exchanges);
        Assert.Equal(10, other.Totals().Exchanges);
    }

    [Fact]
    public void Too_many_apps_and_series_share_one_place()
    {
        for (var i = 0; i < 500; i++)
        {
            var entry = Entries.Plain();
            entry.App = "app" + (i % 100);
            entry.Status = 100 + i;
            _ledger.Write(entry);
        }
        var totals = _ledger.Totals();
        Assert.Equal(LedgerStripe.AppsMax, totals.Apps.Count);
        Assert.Equal(500, totals.Exchanges);
        Assert.All(totals.Apps, app => Assert.InRange(app.Series().Count(), 1, AppTally.SeriesMax + 1));
    }

    [Fact]
    public void A_rule_that_was_broken_is_counted_by_name()
    {
        _ledger.Write(Entries.Plain());
        Assert.Equal(1, _ledger.Totals().CountOf(GateRule.None));
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        _ledger.Write(Entries.Plain());
        Assert.Equal(0, AllocatedBy(_ledger));
    }

    [Fact]
    public void Writing_a_log_line_allocates_nothing_either()
    {
        using var log = new LogWriter(Stream.Null);
        var ledger = new ExchangeLedger(new(), log);
        // Buffers grow to what the writer's thread falls behind by, and then are used again.
        Assert.Equal(0, AllocatedBy(ledger));
    }

    /// <summary>As Allocated.By, to which an entry cannot be given; making one allocates.</summary>
    private static long AllocatedBy(ExchangeLedger ledger)
    {
        var entry = Entries.Plain();
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1_000; i++)
                ledger.Write(entry);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    [Fact]
    public void The_last_records_are_kept_oldest_first()
    {
        for (var i = 0; i < 250; i++)
        {
            var entry = Entries.Plain();
            entry.Id = i;
            _ledger.Write(entry);
        }
        var ids = new List<long>();
        _ledger.Recent.Read((in RecentRecord record, in RecentText text) =>
        {
            ids.Add(record.Id);
            Assert.Equal("/orders?page=2", Encoding.ASCII.GetString(text.Path));
            Assert.Equal("GET", Encoding.ASCII.GetString(text.Method));
        });
        Assert.Equal(Enumerable.Range(150, 100).Select(id => (long)id), ids);
    }

    [Fact]
    public void A_record_read_while_others_write_is_never_torn()
    {
        var ring = new RecentRing(4);
        var isDone = false;
        var torn = 0;
        byte[][] paths = [.. "abc"u8.ToArray().Select(letter => Enumerable.Repeat(letter, 200).ToArray())];
        var reader = SideThread.Start(() =>
        {
            while (!Volatile.Read(ref isDone))
                ring.Read((in RecentRecord record, in RecentText text) =>
                    torn += record.WorkerMicros != record.Id || text.Path.ContainsAnyExcept((byte)record.Id) ? 1 : 0);
        });
        RunOnThreads(3, 30_000, thread =>
        {
            var letter = (byte)('a' + thread);
            var entry = Entries.Plain();
            entry.Id = letter;
            entry.Path = paths[thread];
            entry.WorkerMicros = letter;
            ring.Add(entry);
        });
        Volatile.Write(ref isDone, true);
        reader.Join();
        Assert.Equal(0, torn);
    }

    [Fact]
    public void A_long_path_is_cut_in_the_record()
    {
        var entry = Entries.Plain();
        entry.Path = new byte[5_000];
        _ledger.Write(entry);
        _ledger.Recent.Read((in RecentRecord _, in RecentText text) =>
            Assert.Equal(RecentRing.PathBytesMax, text.Path.Length));
    }

    private static void RunOnThreads(int threads, int times, Action<int> act) => SideThread.RunAll(threads, thread =>
    {
        for (var i = 0; i < times; i++)
            act(thread);
    });
}
