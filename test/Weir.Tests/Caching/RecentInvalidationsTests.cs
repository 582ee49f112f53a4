using System.Globalization;
using System.Text;
using Weir.Caching;
using Weir.Core.Caching;

namespace Weir.Tests.Caching;

public class RecentInvalidationsTests
{
    private readonly RecentInvalidations _recent = new(new KeyHash(7));

    [Theory]
    [InlineData("h", "/a", true)]
    [InlineData("h", "/a?x=1", false)]
    [InlineData("h", "/b", false)]
    [InlineData("other", "/a", false)]
    public void Only_the_URL_itself_is_taken(string host, string path, bool expected)
    {
        var before = _recent.Count;
        Add("h", "/a");
        Assert.Equal(expected, Took(host, path, before));
        Assert.False(Took(host, path, _recent.Count));
    }

    [Theory]
    // How many came before, and how many others after the one in question.
    [InlineData(0, 0, true)]
    [InlineData(0, RecentInvalidations.Kept - 1, true)]
    [InlineData(RecentInvalidations.Kept - 1, 1, true)]
    [InlineData(RecentInvalidations.Kept - 1, RecentInvalidations.Kept - 1, true)]
    [InlineData(3 * RecentInvalidations.Kept + 17, 100, true)]
    public void It_is_found_wherever_it_lies(int before, int after, bool expected)
    {
        Others(before);
        var since = _recent.Count;
        Add("h", "/a");
        Others(after);
        Assert.Equal(expected, Took("h", "/a", since));
        Assert.False(Took("h", "/b", since));
        Assert.False(Took("h", "/a", since + 1));
    }

    [Fact]
    public void Where_too_many_came_the_answer_is_yes()
    {
        Others(5);
        var since = _recent.Count;
        Others(RecentInvalidations.Kept);
        Assert.False(Took("h", "/a", since));
        Others(1);
        Assert.True(Took("h", "/a", since));
        Assert.False(Took("h", "/a", since + 1));
    }

    private void Others(int count)
    {
        for (var index = 0; index < count; index++)
            Add("h", "/other" + index.ToString(CultureInfo.InvariantCulture));
    }

    private void Add(string host, string path) =>
        _recent.Add(Encoding.ASCII.GetBytes(host), Encoding.ASCII.GetBytes(path));

    private bool Took(string host, string path, long since) =>
        _recent.Took(Encoding.ASCII.GetBytes(host), Encoding.ASCII.GetBytes(path), since);
}
