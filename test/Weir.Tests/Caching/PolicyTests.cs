using Weir.Core.Caching;
using Weir.Tests.Http;
using Weir.Tests.Support;

namespace Weir.Tests.Caching;

public class PolicyTests
{
    private static readonly CachePolicy Cookies = new()
    {
        KeyCookies = NameList.Of("lang", "cur"),
        StripCookies = NameList.Of("_ga*", "theme"),
    };

    [Theory]
    [InlineData("", false)]
    [InlineData("Cookie: lang=de", false)]
    [InlineData("Cookie: _ga=1; _ga_x=2;theme=dark ; cur=", false)]
    [InlineData("Cookie: ;; lang=de;", false)]
    [InlineData("Cookie: sid=1", true)]
    [InlineData("Cookie: lang=de; sid=1", true)]
    [InlineData("Cookie: lang=de|Cookie: sid=1", true)]
    [InlineData("Cookie: LANG=de", true)]
    [InlineData("Cookie: theme2=1", true)]
    [InlineData("Cookie: token", true)]
    public void A_cookie_neither_keyed_nor_stripped_is_the_clients_own(string fields, bool expected) =>
        Assert.Equal(expected, PolicyCookies.HasOther(CacheText.Request(fields), Cookies));

    [Fact]
    public void A_star_strips_all() => Assert.False(PolicyCookies.HasOther(
        CacheText.Request("Cookie: sid=1; x"), new CachePolicy { StripCookies = NameList.Of("*") }));

    [Theory]
    [InlineData("", "")]
    [InlineData("Cookie: sid=1", "")]
    [InlineData("Cookie: cur=eur; sid=1; lang=de", "lang=de; cur=eur")]
    [InlineData("Cookie: lang=de|Cookie: lang=en", "lang=de; lang=en")]
    [InlineData("Cookie: lang=", "lang=")]
    [InlineData("Cookie: lang", "")]
    public void The_app_gets_the_keyed_cookies_alone(string fields, string expected)
    {
        var head = CacheText.Request(fields);
        var value = new byte[head.Length];
        Assert.Equal(expected, HeadText.Text(value.AsSpan(0, PolicyCookies.WriteKeyed(head, Cookies, value))));
        if (expected.Length > 0)
            Assert.Equal(-1, PolicyCookies.WriteKeyed(head, Cookies, new byte[expected.Length - 1]));
    }

    [Fact]
    public void Names_are_exact_or_begin_so()
    {
        var list = NameList.Of("a", "b*");
        Assert.True(list.Takes("a"u8) && list.Takes("b"u8) && list.Takes("bc"u8));
        Assert.False(list.Takes("ab"u8) || list.Takes("A"u8) || list.Takes(""u8) || list.Takes("B1"u8));
        Assert.False(NameList.Empty.Takes(""u8));
    }

    [Fact]
    public void Field_names_are_lower_case_in_order_and_once()
    {
        var list = NameList.OfFields("X-B", "x-a", "X-b");
        Assert.Equal(2, list.Count);
        Assert.Equal("x-a x-b", HeadText.Text(list[0]) + " " + HeadText.Text(list[1]));
    }

    [Fact]
    public void Looking_and_deciding_allocate_nothing()
    {
        var head = CacheText.Request("Cookie: sid=1; lang=de|Accept-Encoding: gzip, br|Accept-Language: de, en;q=0.5"
            + "|Cache-Control: max-age=600|If-None-Match: \"a\"|User-Agent: x|Accept: */*");
        var stored = CacheText.Response("ETag: \"a\"|Cache-Control: max-age=600|Vary: Accept-Encoding");
        var figures = new StoredFigures(CacheText.Now, CacheText.Now, 600_000, -1, -1, StoredFlags.HasValidator);
        var (key, values, lines) = (new byte[512], new byte[512], new byte[AnswerHeadFields.BytesMax]);
        Look();
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var round = 0; round < 100; round++)
                Look();
        }));

        void Look()
        {
            var facts = RequestFacts.Read(head);
            var isSeen = ReuseDecision.Admit(facts, Cookies, PolicyCookies.HasOther(head,
                Cookies)).Kind == ReuseKind.Miss
                && CacheKeyWriter.Write(head, true, Cookies, key, out _) == CacheReason.None
                && VaryValues.Write(head, "accept-encoding,accept-language,cookie"u8, Cookies, values) > 0;
            var verdict = ReuseDecision.Decide(facts, figures, Cookies, CacheText.Now + 1000);
            var answer = Preconditions.Judge(head, facts, stored, CacheText.Now, 10, CacheText.Now, out _);
            AnswerHeadFields.WriteAge(verdict.Age, lines);
            AnswerHeadFields.WriteHit(verdict, default, lines);
            if (!isSeen || verdict.Kind != ReuseKind.Hit || answer != AnswerKind.NotModified)
                throw new InvalidOperationException("Not the way that was meant.");
        }
    }
}
