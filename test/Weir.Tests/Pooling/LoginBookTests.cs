using System.Text;
using Weir.Core.Pooling.State;
using Weir.Pooling;

namespace Weir.Tests.Pooling;

/// <summary>What clients learn of the server is what a server said last.</summary>
public sealed class LoginBookTests
{
    [Theory]
    [InlineData("server_version", "16.1", false)]
    [InlineData("server_version", "17.0", true)]
    [InlineData("TimeZone", "UTC", false)]
    [InlineData("TimeZone", "Europe/Istanbul", true)]
    [InlineData("search_path", "public", true)]
    public void Other_values_make_all_that_is_known_old(string name, string value, bool isOld)
    {
        var book = new LoginBook();
        Assert.Null(book.Find(SessionState.Empty));
        book.ServerIs(Facts());
        var wish = SessionState.Empty.With("work_mem", "9MB");
        book.Add(wish, new LoginFacts(wish, []));
        var next = Facts();
        next.Parameters.Set(name, value);
        book.ServerIs(next);
        Assert.Equal(isOld, book.Find(wish) is null);
        Assert.Contains($"{name}\0{value}\0", Encoding.UTF8.GetString(book.Find(SessionState.Empty)!.Messages));
    }

    private static ServerFacts Facts()
    {
        var facts = new ServerFacts();
        facts.Parameters.Set("server_version", "16.1");
        facts.Parameters.Set("TimeZone", "UTC");
        return facts;
    }
}
