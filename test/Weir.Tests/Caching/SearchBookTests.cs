using System.Text;
using Weir.Caching;
using Weir.Core.Caching;

namespace Weir.Tests.Caching;

public sealed class SearchBookTests
{
    private static readonly SearchVariance NoTags = SearchVariance.Read("params=(\"utm\" \"ref\")"u8)!;
    private static readonly SearchVariance NoOrder = SearchVariance.Read("key-order"u8)!;

    private readonly SearchBook _book = new(AnswerStore.DrawHash(), countMax: 3);

    [Fact]
    public void The_newest_word_on_a_page_holds()
    {
        Assert.Null(_book.Of("http://h/a"u8));
        Assert.False(_book.Learn("http://h/a"u8, null));
        Assert.True(_book.Learn("http://h/a"u8, NoTags));
        Assert.False(_book.Learn("http://h/a"u8, SearchVariance.Read("params=(\"ref\" \"utm\")"u8)));
        Assert.Same(NoTags, _book.Of("http://h/a"u8));
        Assert.True(_book.Learn("http://h/a"u8, NoOrder));
        Assert.Same(NoOrder, _book.Of("http://h/a"u8));
        Assert.False(_book.Learn("http://h/b"u8, null));
        Assert.True(_book.Learn("http://h/a"u8, null));
        Assert.Null(_book.Of("http://h/a"u8));
        Assert.Equal(0, _book.Count);
    }

    [Fact]
    public void Past_its_bound_the_oldest_is_forgotten()
    {
        for (var page = 1; page <= 5; page++)
            _book.Learn(Encoding.ASCII.GetBytes($"http://h/{page}"), NoTags);
        Assert.Equal(3, _book.Count);
        Assert.Null(_book.Of("http://h/2"u8));
        Assert.Same(NoTags, _book.Of("http://h/3"u8));
    }

    [Theory]
    [InlineData("http://", "/a?utm=1&id=2", "/a?id=2")]
    [InlineData("http://", "/a?ref=1", "/a")]
    [InlineData("http://", "/a?id=2", null)]
    [InlineData("http://", "/a", null)]
    [InlineData("http://", "/b?utm=1", null)]
    [InlineData("https://", "/a?utm=1", null)]
    public void A_purged_URL_is_also_purged_as_the_keys_have_it(string scheme, string target, string? expected)
    {
        _book.Learn("http://h/a"u8, NoTags);
        var other = _book.Respell(scheme, PurgeSelector.Url("h"u8, Encoding.ASCII.GetBytes(target)));
        Assert.Equal(expected, other is null ? null : Encoding.ASCII.GetString(other.Text));
    }
}
