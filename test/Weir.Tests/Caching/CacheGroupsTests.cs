using System.Text;
using Weir.Core.Caching;
using Weir.Tests.Http;

namespace Weir.Tests.Caching;

/// <summary>Groups of answers, as RFC 9875 has them.</summary>
public sealed class CacheGroupsTests
{
    public static TheoryData<string, string[]> Said => new()
    {
        { "\"a\"", ["a"] },
        { "\"a\", \"b\"", ["a", "b"] },
        { "\"a\"\t,\t\"b\";x=1;y", ["a", "b"] },
        { "\"a b, c\"", ["a b, c"] },
        { "\"q\\\"\\\\\"", ["q\"\\"] },
        { "\"\"", [""] },
        { "\"a\"|Cache-Groups: \"b\"", ["a", "b"] },
    };

    public static TheoryData<string> Nothing => new(
        "", "a", "1", "\"a\", b", "\"a\",", ",\"a\"", "\"a\" \"b\"", "(\"a\")", "\"a", "\"a\"|Cache-Groups: b",
        "\"\u00e9\"", "\"" + new string('x', 300) + "\"",
        string.Join(',', Enumerable.Repeat("\"" + new string('x', 200) + "\"", 21)));

    [Theory]
    [MemberData(nameof(Said))]
    public void What_an_answer_says_is_read(string value, string[] groups) => Assert.Equal(
        groups.Select(group => Tag("http://h", group)), Tags("Cache-Groups: " + value));

    [Theory]
    [MemberData(nameof(Nothing))]
    public void What_is_no_list_of_strings_says_nothing(string value) => Assert.Empty(Tags("Cache-Groups: " + value));

    [Fact]
    public void Groups_stand_behind_tags_and_share_their_bound()
    {
        Assert.Equal(["x", "y", Tag("http://h", "a")], Tags("Cache-Groups: \"a\"", "Cache-Tag: x y"));
        Assert.Equal(["x", "y"], Tags("Cache-Groups: \"a\", b", "Cache-Tag: x y"));
        var many = string.Join(',', Enumerable.Range(0, AnswerTags.CountMax + 1).Select(number => $"\"{number}\""));
        Assert.Equal(AnswerTags.CountMax, Tags("Cache-Groups: " + many).Length);
    }

    [Fact]
    public void A_group_is_its_origins_own_and_no_tag()
    {
        string[] all =
        [
            Tag("http://h", "a"), Tag("https://h", "a"), Tag("http://h:81", "a"), Tag("http://h", "b"),
            Tag("http://", "ha"),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        foreach (var tag in all)
            Assert.DoesNotContain(tag, Tags($"Cache-Tag: {tag}"));
    }

    [Fact]
    public void Only_the_field_for_it_makes_stale()
    {
        var head = CacheText.Response("Cache-Groups: \"a\"|Cache-Group-Invalidation: \"b\", \"c\"");
        Assert.Equal([Tag("http://h", "b"), Tag("http://h", "c")],
            CacheGroups.ReadInvalidation(head, "http://h"u8).Select(tag => HeadText.Text(tag)));
        Assert.Empty(CacheGroups.ReadInvalidation(CacheText.Response("Cache-Groups: \"a\""), "http://h"u8));
    }

    private static string[] Tags(params string[] fields) =>
        [.. AnswerTags.Read(CacheText.Response(string.Join('|', fields)), "http://h"u8)
            .Select(tag => HeadText.Text(tag))];

    private static string Tag(string origin, string group) =>
        HeadText.Text(CacheGroups.TagOf(Encoding.ASCII.GetBytes(origin), Encoding.ASCII.GetBytes(group)));
}
