using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Weir.Core.Caching;
using Weir.Tests.Http;

namespace Weir.Tests.Caching;

public class HttpDateTests
{
    private const long Now = CacheText.Now;

    public static TheoryData<string, long> Valid => new()
    {
        { "Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777 },
        { "Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777 },
        { "Sun Nov  6 08:49:37 1994", 784_111_777 },
        { "Sun Nov 16 08:49:37 1994", 784_975_777 },
        { "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
        { "Wed, 31 Dec 1969 23:59:59 GMT", -1 },
        { "Thu, 29 Feb 2024 00:00:00 GMT", 1_709_164_800 },
        { "Tue, 19 Jan 2038 14:14:08 GMT", 2_147_523_248 },
        { "Sun, 21 Nov 2286 04:46:39 GMT", 10_000_039_599 },
        { "THU, 18 AUG 2050 02:01:18 gMT", 2_544_400_878 },
        { "Thursday, 18-Aug-50 02:01:18 GMT", 2_544_400_878 },
        { "Thu Aug 18 02:01:18 2050", 2_544_400_878 },
        // 50 years ahead is the future, 51 the past.
        { "Sunday, 22-Nov-76 00:00:00 GMT", 3_373_228_800 },
        { "Tuesday, 22-Nov-77 00:00:00 GMT", 249_004_800 },
        // A leap second; a day's name that is not that day's.
        { "Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800 },
        { "Mon, 06 Nov 1994 08:49:37 GMT", 784_111_777 },
    };

    public static TheoryData<string> Invalid => new(
        "", "0", "-1", "foo", "Thu, 18 Aug 2050 02:01:18 UTC", "Thu, 18 Aug 2050 02:01:18 AEST",
        "Thu, 18 Aug 2050 02:01:18", "Thu, 18 Aug 50 02:01:18 GMT", "Thu 18 Aug 2050 02:01:18 GMT",
        "Thu, 18  Aug  2050 02:01:18 GMT", "Thu, 18-Aug-2050 02:01:18 GMT", "Thu, 18 Aug 2050 02.01.18 GMT",
        "Thu, 18 Aug 2050 2:01:18 GMT", "Thu, 18 Aug 2050 02:01:18 GMT ", "Thu,  18 Aug 2050 02:01:18 GMT",
        "Thu, 1 Aug 2050 02:01:18 GMT", "Thu, 31 Jun 2050 02:01:18 GMT", "Thu, 00 Jun 2050 02:01:18 GMT",
        "Thu, 29 Feb 2100 02:01:18 GMT", "Thu, 18 Aug 2050 24:00:00 GMT", "Thu, 18 Aug 2050 02:60:18 GMT",
        "Thu, 18 Aug 2050 02:01:61 GMT", "Thu, 18 Auk 2050 02:01:18 GMT", "Thx, 18 Aug 2050 02:01:18 GMT",
        "Thu, 18 Aug 2050 02:01:18 +0000", "Thursday, 18-Aug-2050 02:01:18 GMT", "Thirsday, 18-Aug-50 02:01:18 GMT",
        "Thursday,18-Aug-50 02:01:18 GMT", "Thu Aug 8 02:01:18 2050", "Thu Aug  0 02:01:18 2050",
        "Thu Aug 32 02:01:18 2050", "Thu Aug  8 02:01:18 2050 GMT", "Thu, :8 Aug 2050 02:01:18 GMT",
        "Thu, 18 Aug 2050 02:01:18 GMT, Thu, 18 Aug 2050 02:01:18 GMT");

    [Theory]
    [MemberData(nameof(Valid))]
    public void All_three_forms_are_read(string text, long seconds)
    {
        Assert.True(HttpDate.TryParse(HeadText.Bytes(text), Now, out var millis));
        Assert.Equal(seconds * 1000, millis);
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Nothing_else_is(string text) =>
        Assert.False(HttpDate.TryParse(HeadText.Bytes(text), Now, out _));

    [Fact]
    public void A_two_digit_year_is_the_latest_that_is_not_far_ahead()
    {
        // In 2099, 01 is two years ahead.
        const long in2099 = 4_086_000_000_000;
        Assert.True(HttpDate.TryParse("Saturday, 01-Jan-01 00:00:00 GMT"u8, in2099, out var millis));
        Assert.Equal(4_133_980_800_000, millis);
        Assert.True(HttpDate.TryParse("Saturday, 01-Jan-50 00:00:00 GMT"u8, in2099, out millis));
        Assert.Equal(2_524_608_000_000, millis);
    }

    [Fact]
    public void Every_second_of_eleven_centuries_is_read_as_it_is_written() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<(int, NonNegativeInt)>(),
            pair =>
            {
                // From 1603 to 2700; the days' names against the framework's.
                var seconds = -11_600_000_000 + (long)((uint)pair.Item1 * 7.99) + pair.Item2.Get % 1000;
                var text = new byte[HttpDate.Length];
                HttpDate.Write(seconds * 1000 + 999, text);
                var expected = DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("R", CultureInfo.InvariantCulture);
                return HeadText.Text(text) == expected && HttpDate.TryParse(text, Now, out var millis)
                    && millis == seconds * 1000;
            }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(5000));
}
