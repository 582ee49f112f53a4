using System.Text;
using Weir.Core.Caching.Shared;

namespace Weir.Tests.Caching.Shared;

public sealed class PurgeBookTests
{
    private const int LogMax = 8;
    private readonly PurgeBook _book = new(1, LogMax);
    private readonly List<PurgeEntry> _log = [];
    private readonly List<PurgeNotice> _notices = [];
    private long _era = 5;

    [Fact]
    public void At_first_contact_everything_counts_as_purged_and_what_comes_after_is_told()
    {
        Other(1, "a");
        Assert.Equal(PurgeStanding.Same, Look());
        Assert.Equal("everything Soft NewEra", Noticed());
        Other(2, "b");
        Other(3, "c", PurgeDepth.Hard);
        Assert.Equal(PurgeStanding.Same, Look());
        Assert.Equal("b Soft Told, c Hard Told", Noticed());
        Assert.Equal(new PurgeStamp(5, 3), _book.Stamp);
    }

    [Fact]
    public void A_page_that_asked_for_too_little_changes_nothing()
    {
        Look();
        Noticed();
        Other(1, "a");
        Other(2, "b");
        Assert.Equal(PurgeStanding.Behind, Look(asked: 1));
        Assert.Equal(("", new PurgeStamp(5, 0)), (Noticed(), _book.Stamp));
        Assert.Equal(PurgeStanding.Same, Look(asked: 2));
        Assert.Equal("a Soft Told, b Soft Told", Noticed());
    }

    [Fact]
    public void Own_purges_wait_come_back_and_are_not_told()
    {
        Look();
        Noticed();
        _book.Add(Text("mine"), PurgeDepth.Soft, 10);
        Assert.Single(_book.Pending);
        Other(1, "theirs");
        Push(_book.Pending[0]);
        Assert.Equal(PurgeStanding.Same, Look());
        Assert.Equal("theirs Soft Told", Noticed());
        Assert.Empty(_book.Pending);
    }

    [Fact]
    public void More_than_the_log_keeps_is_everything_and_the_hard_ones_that_are_kept()
    {
        Look();
        Noticed();
        for (var number = 1; number <= LogMax + 1; number++)
            Other(number, $"s{number}", number == LogMax ? PurgeDepth.Hard : PurgeDepth.Soft);
        Assert.Equal(PurgeStanding.Same, Look());
        Assert.Equal("everything Soft Missed, s8 Hard Told", Noticed());
    }

    [Fact]
    public void A_log_that_was_lost_is_everything_though_its_count_is_there()
    {
        Other(1, "a");
        Look();
        Noticed();
        Other(2, "b");
        _log.Clear();
        var page = new PurgePage(5, 2, default, [], LogMax);
        Assert.Equal(PurgeStanding.Same, _book.Take(page, _notices));
        Assert.Equal("everything Soft Missed", Noticed());
        Assert.Null(_book.Since(new PurgeStamp(5, 1)));
    }

    [Fact]
    public void An_entry_that_cannot_be_read_is_everything()
    {
        Look();
        Noticed();
        _log.Insert(0, PurgeEntry.Unread);
        Other(1, "b");
        Look();
        Assert.Equal("everything Soft Missed, b Soft Told", Noticed());
    }

    [Fact]
    public void Another_era_is_everything()
    {
        Other(1, "a");
        Look();
        Noticed();
        _era = 6;
        _log.Clear();
        Assert.Equal(PurgeStanding.Same, Look());
        Assert.Equal("everything Soft NewEra", Noticed());
        Assert.Null(_book.Since(new PurgeStamp(5, 1)));
    }

    [Fact]
    public void A_store_without_an_era_or_set_back_needs_a_new_one()
    {
        Other(1, "a");
        Other(2, "b");
        Look();
        Noticed();
        Assert.Equal(PurgeStanding.Astray, _book.Compare(new PurgePage(0, 0, default)));
        // Set back to before b.
        _log.RemoveAt(0);
        Assert.Equal(PurgeStanding.Astray, Look());
        // Set back, and another purge since: as many as we know, and not the same.
        Other(3, "c");
        Assert.Equal(PurgeStanding.Astray, Look());
        // Set back, and two since: more than we know.
        Other(4, "d");
        Assert.Equal(PurgeStanding.Astray, Look());
        Assert.Equal("", Noticed());
    }

    [Theory]
    [InlineData(5, 0, "Hard")]
    [InlineData(5, 1, "Hard")]
    [InlineData(5, 2, "Soft")]
    [InlineData(5, 3, "Untouched")]
    [InlineData(5, 4, "Soft")]
    [InlineData(4, 3, "Soft")]
    [InlineData(0, 0, "Soft")]
    public void An_answer_is_judged_by_the_purges_since_its_stamp(long era, long epoch, string expected)
    {
        Other(1, "other");
        Other(2, "key", PurgeDepth.Hard);
        Other(3, "key");
        Look();
        Assert.Equal(expected, $"{Judge(new PurgeStamp(era, epoch))}");
    }

    [Fact]
    public void An_own_purge_touches_before_the_store_has_it()
    {
        Look();
        _book.Add(Text("key"), PurgeDepth.Soft, 10);
        Assert.Equal(PurgeVerdict.Soft, Judge(new PurgeStamp(5, 0)));
    }

    [Fact]
    public void A_purge_of_everything_touches_all()
    {
        Look();
        _book.Add(default, PurgeDepth.Hard, 10);
        Assert.Equal(PurgeVerdict.Hard, Judge(new PurgeStamp(5, 0)));
    }

    [Fact]
    public void A_fill_begun_after_an_own_purge_is_not_taken_for_purged_by_it()
    {
        Look();
        _book.Add(Text("key"), PurgeDepth.Soft, 10);
        var after = _book.Stamp;
        _book.Add(Text("key"), PurgeDepth.Soft, 10);
        Push(_book.Pending[0]);
        Push(_book.Pending[1]);
        Look();
        // The first one was before the fill, the second one after its beginning.
        Assert.Equal(1, _book.Settle(after).Epoch);
        Assert.Equal(PurgeVerdict.Soft, Judge(_book.Settle(after)));
        Assert.Equal(2, _book.Settle(_book.Stamp).Epoch);
    }

    [Fact]
    public void A_fill_does_not_get_past_another_nodes_purge()
    {
        Look();
        _book.Add(Text("key"), PurgeDepth.Soft, 10);
        var after = _book.Stamp;
        Other(1, "key");
        Push(_book.Pending[0]);
        Look();
        Assert.Equal(0, _book.Settle(after).Epoch);
    }

    [Fact]
    public void Too_many_that_wait_become_one_for_everything_as_hard_as_the_hardest()
    {
        for (var count = 0; count < 3; count++)
            _book.Add(Text("key"), count == 1 ? PurgeDepth.Hard : PurgeDepth.Soft, 3);
        _book.Add(Text("key"), PurgeDepth.Soft, 3);
        var only = Assert.Single(_book.Pending);
        Assert.Equal((true, PurgeDepth.Hard, 4), (only.IsEverything, only.Depth, only.Number));
    }

    [Fact]
    public void A_long_life_keeps_a_bounded_log()
    {
        Look();
        for (var number = 1; number <= LogMax * 5; number++)
        {
            Other(number, "key");
            Look();
        }

        Assert.NotNull(_book.Since(new PurgeStamp(5, LogMax * 4)));
        Assert.Null(_book.Since(new PurgeStamp(5, LogMax * 2)));
    }

    [Fact]
    public void The_pause_before_a_new_try_doubles_to_its_most_less_half_by_chance()
    {
        Assert.Equal(
            [50, 100, 200, 300, 300], new[] { 1, 2, 3, 4, 60 }.Select(n => ReconnectPause.After(n, 50, 300, 0)));
        Assert.Equal(151, ReconnectPause.After(9, 50, 300, 0.999));
    }

    private PurgeStanding Look(int asked = LogMax)
    {
        var last = _log.Count == 0 ? default : _log[0].ToBytes().AsMemory();
        var newest = _log.Take(Math.Min(asked, LogMax)).Select(entry => (ReadOnlyMemory<byte>)entry.ToBytes()).ToList();
        return _book.Take(new PurgePage(_era, _log.Count, last, newest, asked), _notices);
    }

    private void Other(long number, string selector, PurgeDepth depth = PurgeDepth.Soft) =>
        Push(new PurgeEntry(2, number, depth, Text(selector)));

    private void Push(PurgeEntry entry) => _log.Insert(0, entry);

    private PurgeVerdict Judge(PurgeStamp stamp) =>
        PurgeBook.Judge(_book.Since(stamp), selector => Encoding.UTF8.GetString(selector.Span) == "key");

    private string Noticed()
    {
        var said = string.Join(", ", _notices.Select(notice =>
        {
            var what = notice.IsEverything ? "everything" : Encoding.UTF8.GetString(notice.Selector.Span);
            return $"{what} {notice.Depth} {notice.Cause}";
        }));
        _notices.Clear();
        return said;
    }

    private static ReadOnlyMemory<byte> Text(string text) => Encoding.UTF8.GetBytes(text);
}
