using System.Text;
using Weir.Core.Caching;

namespace Weir.Tests.Caching;

/// <summary>What an app's answer says is to be purged.</summary>
public sealed class PurgeFieldTests
{
    [Theory]
    [InlineData("tag product-17", PurgeScope.Tag, "", "product-17", false)]
    [InlineData("hard tag product-17", PurgeScope.Tag, "", "product-17", true)]
    [InlineData("tag hard", PurgeScope.Tag, "", "hard", false)]
    [InlineData("url /report?region=n", PurgeScope.Url, "a.example", "/report?region=n", false)]
    [InlineData("url   /", PurgeScope.Url, "a.example", "/", false)]
    [InlineData("hard prefix /blog/", PurgeScope.Prefix, "a.example", "/blog/", true)]
    public void A_line_says_one_purge(string value, object scope, string host, string text, bool isHard)
    {
        var read = PurgeField.Read(Encoding.ASCII.GetBytes(value), "a.example"u8, out var hard)!;
        Assert.Equal((scope, host, text, isHard),
            (read.Scope, Encoding.ASCII.GetString(read.Host), Encoding.ASCII.GetString(read.Text), hard));
    }

    [Theory]
    [InlineData("")]
    [InlineData("tag")]
    [InlineData("hard")]
    [InlineData("hard hard tag x")]
    [InlineData("all")]
    [InlineData("all x")]
    [InlineData("host b.example")]
    [InlineData("url report")]
    [InlineData("url http://b.example/")]
    [InlineData("prefix /a /b")]
    [InlineData("Tag x")]
    public void What_cannot_be_read_or_reaches_further_is_none(string value) =>
        Assert.Null(PurgeField.Read(Encoding.ASCII.GetBytes(value), "a.example"u8, out _));

    [Fact]
    public void A_text_has_a_bound() => Assert.Null(
        PurgeField.Read(Encoding.ASCII.GetBytes("tag " + new string('x', 2049)), "a.example"u8, out _));
}
