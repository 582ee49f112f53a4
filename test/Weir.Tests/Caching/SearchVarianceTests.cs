using System.Text;
using Weir.Core.Caching;
using Weir.Tests.Http;

namespace Weir.Tests.Caching;

/// <summary>What answers say of their URL's query, and what the key is then.</summary>
public sealed class SearchVarianceTests
{
    public static TheoryData<string, string> Said => new()
    {
        { "key-order", "o p" },
        { "params", "- e" },
        { "params=?1", "- e" },
        { "params=(\"a\")", "- p,a" },
        { "params=(\"b\" \"a\" \"b\")", "- p,a,b" },
        { "params=(\"a%20b\" \"a+b\")", "- p,a b" },
        { "params=(\"q\\\"\\\\\")", "- p,q\"\\" },
        { "params, except=(\"id\")", "- e,id" },
        { "except=(\"id\"), params", "- e,id" },
        { "params=(\"a\"), key-order", "o p,a" },
        { "params=(\"a\");x=1, other=2", "- p,a" },
        { "params=(\"a\"), params=(\"b\")", "- p,b" },
        { "params=(\"a\")|No-Vary-Search: key-order", "o p,a" },
    };

    public static TheoryData<string> Nothing => new(
        "", "key-order=?0", "params=?0", "params=()", "params=(a)", "params=(\"a\" 1)", "params=\"a\"", "params=1",
        "key-order=1", "key-order=(\"a\")", "except=(\"a\")", "params=?0, except=(\"a\")",
        "params=(\"b\"), except=(\"a\")", "params, except", "params, except=\"a\"", "params=(\"a\"", "params=(\"a\"),",
        "PARAMS", "params=(\"\u00e9\")", "params=(\"" + new string('x', 300) + "\")",
        "params=(" + string.Join(' ', Enumerable.Range(0, 33).Select(i => $"\"{i}\"")) + ")",
        "params, other=\"" + new string('x', 1024) + "\"");

    [Theory]
    [MemberData(nameof(Said))]
    public void What_an_answer_says_is_read(string field, string expected) =>
        Assert.Equal(expected, Text(Of(field)!));

    [Theory]
    [MemberData(nameof(Nothing))]
    public void What_says_nothing_or_cannot_be_read_leaves_all_to_count(string field) => Assert.Null(Of(field));

    [Theory]
    [InlineData("params=(\"utm\")", "/a?utm=1", "/a")]
    [InlineData("params=(\"utm\")", "/a?utm=1&id=2", "/a?id=2")]
    [InlineData("params=(\"utm\")", "/a?u%74m=1&id=2", "/a?id=2")]
    [InlineData("params=(\"utm\")", "/a?utm[]=1", "/a?utm[]=1")]
    [InlineData("params=(\"utm*\")", "/a?utm_source=1", "/a?utm_source=1")]
    [InlineData("params", "/a?b=1&c", "/a")]
    [InlineData("params, except=(\"id\")", "/a?b=1&id=2&id=1", "/a?id=2&id=1")]
    [InlineData("key-order", "/a?b=1&a=2&b=0", "/a?a=2&b=1&b=0")]
    public void The_key_has_only_what_counts(string field, string target, string expected)
    {
        var policy = CacheText.Safe with { QuerySort = false };
        var said = Encoding.ASCII.GetString(Of(field)!.Text);
        Assert.Equal($"http://h{expected}\0search={said}", Key(target, field, policy));
    }

    [Fact]
    public void A_query_that_cannot_be_told_apart_is_taken_as_it_is()
    {
        var policy = CacheText.Safe with { QuerySort = false };
        foreach (var query in (string[])["a;utm=1", string.Join('&', Enumerable.Range(0, 65).Select(i => $"p{i}=1"))])
            Assert.Equal("http://h/a?" + query, Key("/a?" + query, "params=(\"utm\")", policy));
    }

    /// <summary>Else two URLs without a key could be taken for one.</summary>
    [Fact]
    public void What_fits_without_it_has_a_key_at_every_size()
    {
        var head = CacheText.Request(target: "/a?id=1&utm=2");
        var search = Of("params=(\"utm\")")!;
        var whole = Key("/a?id=1&utm=2", "", CacheText.Safe);
        var small = Key("/a?id=1&utm=2", "params=(\"utm\")", CacheText.Safe);
        for (var size = whole.Length; size <= small.Length; size++)
        {
            var buffer = new byte[size];
            Assert.Equal(CacheReason.None,
                CacheKeyWriter.Write(head, false, CacheText.Safe, buffer, out var key, search));
            var expected = size < small.Length ? whole : small;
            Assert.Equal(expected, HeadText.Text(buffer.AsSpan(0, key.Length)));
        }
    }

    [Fact]
    public void What_was_stored_by_other_words_is_not_found()
    {
        var keys = Said.Select(row => Key("/a", row.Data.Item1, CacheText.Safe)).Append(Key("/a", "", CacheText.Safe));
        // Two of the table say the same.
        Assert.Equal(Said.Select(row => row.Data.Item2).Distinct().Count() + 1, keys.Distinct().Count());
    }

    /// <summary>Whatever it says: what is in the key of a URL is in the key of that key's own URL.</summary>
    [Fact]
    public void A_key_leads_to_itself()
    {
        foreach (var row in Said)
        {
            foreach (var target in (string[])["/a", "/a?", "/a?b=1&a=2", "/a?&&id=1", "/a?id=%41&a%20b=1&a+b=2"])
            {
                var key = Key(target, row.Data.Item1, CacheText.Safe);
                var again = Key(key.Split('\0')[0]["http://h".Length..], row.Data.Item1, CacheText.Safe);
                Assert.Equal(key, again);
            }
        }
    }

    private static string Key(string target, string field, CachePolicy policy)
    {
        var buffer = new byte[CacheKeyWriter.BytesMax];
        Assert.Equal(CacheReason.None,
            CacheKeyWriter.Write(CacheText.Request(target: target), false, policy, buffer, out var key, Of(field)));
        return HeadText.Text(buffer.AsSpan(0, key.Length));
    }

    private static SearchVariance? Of(string field) =>
        SearchVariance.Read(CacheText.Response("No-Vary-Search: " + field));

    private static string Text(SearchVariance variance)
    {
        var parts = Encoding.ASCII.GetString(variance.Text).Split(',');
        var names = parts.Skip(1).Select(name => "," + Encoding.Latin1.GetString(Convert.FromHexString(name)));
        return parts[0][..1] + " " + parts[0][1..] + string.Concat(names);
    }
}
