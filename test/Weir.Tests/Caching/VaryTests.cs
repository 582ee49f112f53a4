using Weir.Core.Caching;
using Weir.Tests.Http;

namespace Weir.Tests.Caching;

public class VaryTests
{
    private static readonly CachePolicy Plain = new();

    public static TheoryData<string, string> Names => new()
    {
        { "", "" },
        { "Vary:", "" },
        { "Vary: ,", "" },
        { "Vary: Foo", "foo" },
        { "Vary: Foo, Bar, Baz", "bar,baz,foo" },
        { "Vary: foo,FOO|Vary: Foo", "foo" },
        { "Vary: b|X: 1|Vary: a , c", "a,b,c" },
        { "Vary: Accept-Encoding, Accept", "accept,accept-encoding" },
        { "Vary: *", "none" },
        { "Vary: *, *", "none" },
        { "Vary: , *", "none" },
        { "Vary:|Vary: *", "none" },
        { "Vary: Foo, *", "none" },
        { "Vary: a b", "none" },
        { "Vary: \"a\"", "none" },
    };

    public static TheoryData<string, string, string, bool> Pairs => new()
    {
        { "Foo", "Foo: 1", "Foo: 1", true },
        { "Foo", "Foo: 1", "Foo: 2", false },
        { "Foo", "Foo: 1", "", false },
        { "Foo", "", "Foo: 1", false },
        { "Foo", "", "", true },
        { "Foo", "Foo:", "", false },
        { "Foo", "Foo: 1|Other: 2", "Other: 3|Foo: 1", true },
        { "Foo", "Foo: a", "Foo: A", false },
        { "Foo", "Foo: 1, 2", "Foo: 1|Foo: 2", true },
        { "Foo", "Foo: 1,2", "Foo:   1, 2 ", true },
        { "Foo", "Foo: 1\t,2", "Foo: 1,2", true },
        { "Foo", "Foo: 1 2", "Foo: 12", false },
        { "Foo", "Foo: \"1, 2\"", "Foo: \"1,2\"", false },
        { "Foo", "Foo: 1, 2", "Foo: 2, 1", false },
        { "Foo, Bar, Baz", "Foo: 1|Bar: abc|Baz: 789", "Baz: 789|Bar: abc|Foo: 1", true },
        { "Foo, Bar, Baz", "Foo: 1|Bar: abc4|Baz: 789", "Foo: 1|Bar: abc|Baz: 789", false },
        { "Foo, Bar, Baz", "Foo: 1|Baz: 789", "Foo: 1|Baz: 789", true },
        { "Foo, Bar", "Foo: 1", "Bar: 1", false },
        { "Accept-Encoding", "Accept-Encoding: gzip", "Accept-Encoding: GZip", true },
        { "Accept-Encoding", "Accept-Encoding: gzip, deflate, br, zstd", "Accept-Encoding: br;q=1.0, gzip;q=0.8",
            true },
        { "Accept-Encoding", "Accept-Encoding: gzip, br", "Accept-Encoding: gzip", false },
        { "Accept-Encoding", "Accept-Encoding: x-gzip", "Accept-Encoding: gzip|Accept-Encoding: deflate", true },
        { "Accept-Encoding", "Accept-Encoding: br;q=0, gzip", "Accept-Encoding: gzip", true },
        { "Accept-Encoding", "Accept-Encoding: *", "Accept-Encoding: gzip, br", true },
        { "Accept-Encoding", "Accept-Encoding: *;q=0.1, br;q=0", "Accept-Encoding: gzip", true },
        { "Accept-Encoding", "", "Accept-Encoding: identity", true },
        { "Accept-Encoding", "", "Accept-Encoding: deflate", true },
        { "Accept-Encoding", "", "Accept-Encoding: gzip;q=0.000", true },
        { "Accept-Encoding", "Accept-Encoding: gzip", "Accept-Encoding: gzip, identity;q=0", false },
        { "Accept-Encoding", "Accept-Encoding: gzip, *;q=0", "Accept-Encoding: gzip, identity;q=0", true },
        { "Accept-Language", "Accept-Language: en, de", "Accept-Language: de, en", true },
        { "Accept-Language", "Accept-Language: en, de", "Accept-Language: eN, De", true },
        { "Accept-Language", "Accept-Language: en, de", "Accept-Language:  en ,   de", true },
        { "Accept-Language", "Accept-Language: en, de", "Accept-Language: en|Accept-Language: de", true },
        { "Accept-Language", "Accept-Language: en;q=1.0, de", "Accept-Language: de;q=1, en;q=1.000", true },
        { "Accept-Language", "Accept-Language: en, de;q=0.5", "Accept-Language: de;q=0.50,en", true },
        { "Accept-Language", "Accept-Language: en, de;q=0.5", "Accept-Language: en;q=0.5, de", false },
        { "Accept-Language", "Accept-Language: en, de;q=0.5", "Accept-Language: en, de;q=0.6", false },
        { "Accept-Language", "Accept-Language: en, de;q=0", "Accept-Language: en", false },
        { "Accept-Language", "", "Accept-Language: en", false },
    };

    public static TheoryData<string, string> Languages => new()
    {
        { "de", "de" },
        { "en, de", "en" },
        { "de, en", "en" },
        { "en;q=0.5, de", "de" },
        { "DE-ch, en;q=0.9", "de" },
        { "pt", "pt-BR" },
        { "pt-BR;q=0.1, pt;q=0.9, de;q=0.5", "de" },
        { "fr", "" },
        { "fr, *;q=0.1", "en" },
        { "*, en;q=0", "de" },
        { "e", "" },
        { "", "" },
    };

    public static TheoryData<string, string, bool> FirstWishes => new()
    {
        { "fr;q=0.5, de;q=1.0", "de", true },
        { "de", "DE", true },
        { "de, en", "de", false },
        { "de;q=0.5, en", "de", false },
        { "de-CH", "de", false },
        { "*, de;q=0.9", "de", false },
        { "de;q=0", "de", false },
        { "", "de", false },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Names_have_one_form(string fields, string expected)
    {
        var head = CacheText.Response(fields);
        var names = new byte[VaryNames.BytesMax];
        var length = VaryNames.Read(head, names);
        Assert.Equal(expected, length < 0 ? "none" : HeadText.Text(names.AsSpan(0, length)));
        // The decision refuses what cannot be kept.
        var traits = CacheText.Answer(fields).Traits & (ResponseTraits.VaryStar | ResponseTraits.VaryOdd);
        Assert.Equal(length < 0, traits != 0);
    }

    [Fact]
    public void Names_that_do_not_fit_are_not_kept()
    {
        var many = string.Join(',', Enumerable.Range(0, 33).Select(index => $"n{index}"));
        Assert.Equal(-1, VaryNames.Read(CacheText.Response("Vary: " + many), new byte[VaryNames.BytesMax]));
        Assert.Equal(-1, VaryNames.Read(CacheText.Response("Vary: " + new string('a', 513)), new byte[1024]));
        Assert.Equal(-1, VaryNames.Read(CacheText.Response("Vary: a, bc"), new byte[3]));
        Assert.Equal(4, VaryNames.Read(CacheText.Response("Vary: a, bc"), new byte[4]));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Requests_fit_if_they_mean_the_same(string vary, string one, string two, bool fits)
    {
        Assert.Equal(fits, Values(one, vary, Plain) == Values(two, vary, Plain));
        Assert.Equal(Values(one, vary, Plain), Values(one, vary, Plain));
    }

    [Fact]
    public void Values_of_two_fields_never_run_together()
    {
        Assert.NotEqual(Values("A: 1|B: 2", "A, B", Plain), Values("A: 1,|B:2", "A, B", Plain));
        Assert.NotEqual(Values("A: 12", "A, B", Plain), Values("A: 1|B: 2", "A, B", Plain));
        Assert.NotEqual(Values("A: :", "A", Plain), Values("A:", "A", Plain));
    }

    [Fact]
    public void With_policy_a_cookie_field_is_its_keyed_cookies()
    {
        var keyed = new CachePolicy { KeyCookies = NameList.Of("lang") };
        Assert.Equal(Values("Cookie: lang=de; sid=1", "Cookie", keyed), Values("Cookie: x=y; lang=de", "Cookie",
            keyed));
        Assert.NotEqual(Values("Cookie: lang=de", "Cookie", keyed), Values("Cookie: lang=en", "Cookie", keyed));
        Assert.NotEqual(Values("Cookie: lang=de", "Cookie", keyed), Values("", "Cookie", keyed));
        var anonymous = new CachePolicy { Share = CacheShare.Anonymous };
        Assert.Equal(Values("Cookie: _ga=1", "Cookie", anonymous), Values("", "Cookie", anonymous));
        Assert.NotEqual(Values("Cookie: _ga=1", "Cookie", Plain), Values("", "Cookie", Plain));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void With_the_apps_languages_the_best_one_counts(string accepted, string expected)
    {
        var policy = new CachePolicy { Languages = NameList.Of("en", "de", "pt-BR") };
        Assert.Equal($":{expected}~", Values($"Accept-Language: {accepted}", "Accept-Language", policy));
        var best = LanguageWish.Best(CacheText.Request($"Accept-Language: {accepted}"), policy.Languages);
        Assert.Equal(expected, HeadText.Text(best));
    }

    [Theory]
    [MemberData(nameof(FirstWishes))]
    public void A_stored_language_fits_who_wants_it_most_of_all(string accepted, string language, bool fits)
    {
        var head = CacheText.Request($"Accept-Language: {accepted}|Foo: 1");
        var names = "accept-language,foo"u8;
        var stored = Bytes("Accept-Language: en, de|Foo: 1", "Accept-Language, Foo", Plain);
        var asked = Bytes($"Accept-Language: {accepted}|Foo: 1", "Accept-Language, Foo", Plain);
        Assert.Equal(fits, VaryValues.FitByLanguage(head, names, stored, asked, HeadText.Bytes(language)));
        // Whatever else the answer varies by has to be equal.
        asked = Bytes($"Accept-Language: {accepted}|Foo: 2", "Accept-Language, Foo", Plain);
        Assert.False(VaryValues.FitByLanguage(head, names, stored, asked, HeadText.Bytes(language)));
        Assert.False(VaryValues.FitByLanguage(head, "foo"u8, stored, stored, HeadText.Bytes(language)));
        Assert.False(VaryValues.FitByLanguage(head, names, stored, stored, default));
    }

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "br, gzip")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0.1", "br")]
    [InlineData("deflate", "")]
    [InlineData("*;q=0", "identity;q=0")]
    public void The_app_is_asked_for_what_variants_are_kept_for(string accepted, string expected) =>
        Assert.Equal(expected,
            HeadText.Text(EncodingWish.Of(CacheText.Request($"Accept-Encoding: {accepted}")).Text()));

    [Fact]
    public void Values_that_do_not_fit_fit_nothing()
    {
        var head = CacheText.Request("Foo: 123");
        Assert.Equal(-1, VaryValues.Write(head, "foo"u8, Plain, new byte[4]));
        Assert.Equal(5, VaryValues.Write(head, "foo"u8, Plain, new byte[5]));
    }

    private static string Values(string fields, string vary, CachePolicy policy) =>
        HeadText.Text(Bytes(fields, vary, policy)).Replace('\0', '~');

    private static byte[] Bytes(string fields, string vary, CachePolicy policy)
    {
        var names = new byte[VaryNames.BytesMax];
        var length = VaryNames.Read(CacheText.Response("Vary: " + vary), names);
        var values = new byte[VaryValues.BytesMax];
        return values[..VaryValues.Write(CacheText.Request(fields), names.AsSpan(0, length), policy, values)];
    }
}
