using Weir.Core.Caching;
using Weir.Tests.Http;

namespace Weir.Tests.Caching;

public class CacheDirectivesTests
{
    private const DirectiveFlags Present = DirectiveFlags.Present;

    public static TheoryData<string, long> MaxAges => new()
    {
        { "max-age=3600", 3600 },
        { "MaX-aGe=3600", 3600 },
        { "max-age=003600", 3600 },
        { "max-age=\"3600\"", 3600 },
        { "max-age=2147483647", 2147483647 },
        { "max-age=2147483648", 2147483648 },
        { "max-age=2147483649", 2147483648 },
        { "max-age=99999999999999999999999", 2147483648 },
        { "foobar, max-age=3600", 3600 },
        { " ,, max-age=3600 ,foo=\"a,b\"", 3600 },
        { "extension=\"max-age=3600\", max-age=1", 1 },
        { "extension=\"a\\\"b, max-age=3600\", max-age=1", 1 },
        { "max-age=1, extension=\"max-age=3600\"", 1 },
        { "extension=\"max-age=3600", -1 },
        { "max-age=1800, max-age=1", 1800 },
        { "max-age=1, max-age=1800", 1 },
        { "max-age =3600", -1 },
        { "xmax-age=3600", -1 },
        { "max-age", 0 },
        { "max-age=", 0 },
        { "max-age= 3600", 0 },
        { "max-age=-3600", 0 },
        { "max-age='3600'", 0 },
        { "max-age=3600.0", 0 },
        { "max-age=3600a", 0 },
        { "max-age=a3600", 0 },
        { "max-age=\"3600", 0 },
    };

    public static TheoryData<string, int> Flags => new()
    {
        { "", 0 },
        { "foo", 0 },
        { "no-store", (int)DirectiveFlags.NoStore },
        { "No-StOrE", (int)DirectiveFlags.NoStore },
        { "no-store=1", (int)DirectiveFlags.NoStore },
        { "no-cache", (int)DirectiveFlags.NoCache },
        { "no-cache=\"a, b\"", (int)DirectiveFlags.NoCacheFields },
        { "no-cache=\"\"", (int)DirectiveFlags.NoCache },
        { "no-cache=\"a\", no-cache", (int)(DirectiveFlags.NoCacheFields | DirectiveFlags.NoCache) },
        { "private", (int)DirectiveFlags.Private },
        { "private=\"x\"", (int)DirectiveFlags.PrivateFields },
        { "public, must-revalidate", (int)(DirectiveFlags.Public | DirectiveFlags.MustRevalidate) },
        { "proxy-revalidate,must-understand", (int)(DirectiveFlags.ProxyRevalidate | DirectiveFlags.MustUnderstand) },
        { "only-if-cached, max-stale", (int)(DirectiveFlags.OnlyIfCached | DirectiveFlags.MaxStaleAny) },
        { "max-stale=5", 0 },
        { "max-age=x", (int)DirectiveFlags.FreshnessInvalid },
        { "s-maxage=x", (int)DirectiveFlags.FreshnessInvalid },
        { "max-age=1, max-age=x", 0 },
        { "x=\"no-store\", y=\"private\"", 0 },
    };

    public static TheoryData<string, bool, long, int> Targeted => new()
    {
        { "max-age=60", true, 60, (int)Present },
        { "max-age=60;param=1, foo=bar", true, 60, (int)Present },
        { "max-age=99999999999", true, 2147483648, (int)Present },
        { "max-age=0", true, 0, (int)Present },
        { "max-age=-5", true, 0, (int)Present },
        { "max-age=1, max-age=2", true, 2, (int)Present },
        { "", true, -1, 0 },
        { "foo", true, -1, (int)Present },
        { "no-store", true, -1, (int)(Present | DirectiveFlags.NoStore) },
        { "no-store=?0", true, -1, (int)Present },
        { "private=\"a\"", true, -1, (int)(Present | DirectiveFlags.Private) },
        { "no-cache, must-revalidate", true, -1,
            (int)(Present | DirectiveFlags.NoCache | DirectiveFlags.MustRevalidate) },
        { "MaX-aGe=60", false, 0, 0 },
        { "max-age=\"60\"", false, 0, 0 },
        { "max-age=60.0", false, 0, 0 },
        { "max-age", false, 0, 0 },
        { "public=1", false, 0, 0 },
        { "max-age=60, &&&&&", false, 0, 0 },
        { "max-age =60", false, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(MaxAges))]
    public void Max_age_is_a_number_of_seconds_or_nothing_at_all(string text, long expected)
    {
        var directives = Read(text);
        Assert.Equal(expected, directives.MaxAge);
        Assert.Equal(expected == 0, directives.Has(DirectiveFlags.FreshnessInvalid));
    }

    [Theory]
    [MemberData(nameof(Flags))]
    public void Directives_without_a_number_are_flags(string text, int expected) =>
        Assert.Equal((DirectiveFlags)expected | DirectiveFlags.Present, Read(text).Flags);

    [Fact]
    public void Every_number_has_its_own_place()
    {
        var directives = Read(
            "max-age=1, s-maxage=2, stale-while-revalidate=3, stale-if-error=4, min-fresh=5, max-stale=6");
        Assert.Equal((1, 2, 3), (directives.MaxAge, directives.SharedMaxAge, directives.StaleWhileRevalidate));
        Assert.Equal((4, 5, 6), (directives.StaleIfError, directives.MinFresh, directives.MaxStale));
        directives = default;
        Assert.Equal((-1, -1, -1), (directives.MaxAge, directives.SharedMaxAge, directives.StaleWhileRevalidate));
        Assert.Equal((-1, -1, -1), (directives.StaleIfError, directives.MinFresh, directives.MaxStale));
    }

    [Fact]
    public void Lines_are_one_list_and_the_first_number_counts()
    {
        var directives = Read("max-age=1800", "no-cache, max-age=1");
        Assert.Equal(1800, directives.MaxAge);
        Assert.True(directives.Has(DirectiveFlags.NoCache));
    }

    [Theory]
    [MemberData(nameof(Targeted))]
    public void A_targeted_field_is_a_dictionary_or_ignored(string text, bool isTaken, long maxAge, int flags)
    {
        var directives = new CacheDirectives();
        Assert.Equal(isTaken, directives.TakeTargeted(HeadText.Bytes(text)));
        if (isTaken)
            Assert.Equal((maxAge, (DirectiveFlags)flags), (directives.MaxAge, directives.Flags));
    }

    private static CacheDirectives Read(params string[] lines)
    {
        var directives = new CacheDirectives();
        foreach (var line in lines)
            directives.Take(HeadText.Bytes(line));
        return directives;
    }
}
