using System.Text;
using Weir.Core.Caching;
using Weir.Core.Caching.Shared;

namespace Weir.Tests.Caching.Shared;

/// <summary>Under which key nodes share an answer, and which purges are for it.</summary>
public sealed class SharedKeyTests
{
    /// <summary>Only how an answer is served, which each node may do in its own way.</summary>
    private static readonly string[] s_servesOnly =
    [
        nameof(CachePolicy.StaleIfDisconnected), nameof(CachePolicy.StaleIfBusy), nameof(CachePolicy.StaleIfSlow),
        nameof(CachePolicy.AuthTtl), nameof(CachePolicy.BodyMax), nameof(CachePolicy.ClientMayRefresh),
        nameof(CachePolicy.RefreshAhead), nameof(CachePolicy.ShowsKey),
        // Follows from TargetedFields.
        nameof(CachePolicy.IsSurrogate),
    ];

    private static readonly CachePolicy s_other = new()
    {
        Profile = CacheProfile.Rfc,
        Ttl = TimeSpan.FromSeconds(7),
        Stale = TimeSpan.FromSeconds(7),
        StaleIfError = TimeSpan.FromSeconds(7),
        QueryKeep = NameList.Of("a"),
        QueryDrop = NameList.Of("a"),
        QuerySort = false,
        KeyHeaders = NameList.OfFields("a"),
        KeyCookies = NameList.Of("a"),
        StripCookies = NameList.Of("a"),
        DropSetCookie = true,
        Share = CacheShare.Authorized,
        TargetedFields = NameList.Of("a"),
        Languages = NameList.Of("a"),
    };

    /// <summary>
    /// A policy's property that decides what is stored must part the answers; a new one is to be looked at here.
    /// </summary>
    [Fact]
    public void What_decides_what_is_stored_parts_the_answers_of_two_policies()
    {
        var usual = SharedKey.MarkOf(CachePolicy.Default);
        var properties = typeof(CachePolicy).GetProperties()
            .Where(property => property.CanWrite && !s_servesOnly.Contains(property.Name)).ToList();
        Assert.All(properties, property =>
        {
            var changed = CachePolicy.Default with { };
            property.SetValue(changed, property.GetValue(s_other));
            Assert.NotEqual(usual, SharedKey.MarkOf(changed));
        });
        Assert.Equal(properties.Count, properties.Select(property =>
        {
            var changed = CachePolicy.Default with { };
            property.SetValue(changed, property.GetValue(s_other));
            return Convert.ToHexString(SharedKey.MarkOf(changed));
        }).Distinct().Count());
    }

    [Fact]
    public void What_only_decides_how_it_is_served_parts_nothing() => Assert.Equal(
        SharedKey.MarkOf(CachePolicy.Default),
        SharedKey.MarkOf(CachePolicy.Default with { BodyMax = 1, StaleIfBusy = TimeSpan.FromDays(1) }));

    [Fact]
    public void A_purge_is_for_the_same_answers_as_on_the_node_that_made_it()
    {
        string[] hosts = ["a.example", "b.example"];
        string[] paths = ["/", "/a", "/a?x=1", "/a/b"];
        byte[][][] tagged = [[], [Bytes("red")], [Bytes("redder"), Bytes("red")]];
        PurgeSelector[] selectors =
        [
            PurgeSelector.Url(Bytes("a.example"), Bytes("/a")), PurgeSelector.Url(Bytes("a.example"), Bytes("/a?x=1")),
            PurgeSelector.Prefix(Bytes("a.example"), Bytes("/a")), PurgeSelector.Prefix([], Bytes("/a/")),
            PurgeSelector.Tag(Bytes("red")), PurgeSelector.Tag(Bytes("re")), PurgeSelector.OfHost(Bytes("b.example")),
        ];
        var cases =
            from host in hosts
            from path in paths
            from tags in tagged
            from selector in selectors
            select (host, path, tags, selector);
        foreach (var (host, path, tags, selector) in cases)
        {
            var expected = selector.Matches(new PurgeTarget(Bytes(host), Bytes(path), tags));
            foreach (var more in (string[])["", "\0cookie=x", "\0x-theme/dark"])
            {
                var key = SharedKey.Of(new byte[SharedKey.MarkBytes], Bytes($"https://{host}{path}{more}"));
                Assert.Equal(expected, SharedKey.IsPurgedBy(selector.ToBytes(), key, SharedTags.Write(tags)));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("\u0007\0\0red")]
    [InlineData("\0\u0001\u0001short")]
    public void A_purge_that_cannot_be_read_is_for_everything(string selector)
    {
        var key = SharedKey.Of(new byte[SharedKey.MarkBytes], Bytes("http://a.example/a"));
        Assert.True(SharedKey.IsPurgedBy(Bytes(selector), key, []));
    }

    [Theory]
    [InlineData("")]
    [InlineData("too short")]
    [InlineData("0123456789abcdefno-scheme/")]
    [InlineData("0123456789abcdefhttp://no-path")]
    public void An_answer_whose_key_cannot_be_read_is_purged_by_everything(string key) => Assert.True(
        SharedKey.IsPurgedBy(PurgeSelector.OfHost(Bytes("b.example")).ToBytes(), Bytes(key), []));

    [Fact]
    public void Tags_come_back_as_they_went()
    {
        byte[][] tags = [Bytes("red"), new byte[AnswerTags.BytesMax], Bytes("x")];
        Assert.Equal(tags, SharedTags.Read(SharedTags.Write(tags)));
        Assert.Equal([], SharedTags.Read([])!);
        foreach (var broken in (byte[][])[[0], [1], [4, 1, 2, 3], [3, 1, 2, 3, 9], [200, .. new byte[200]]])
            Assert.Null(SharedTags.Read(broken));
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
