using FsCheck;
using FsCheck.Fluent;
using Weir.Core.Caching;
using Weir.Tests.Http;

namespace Weir.Tests.Caching;

public class ByteRangesTests
{
    public static TheoryData<string, long, string> Cases => new()
    {
        { "bytes=0-1", 10, "0-1" },
        { "bytes=0-0", 10, "0-0" },
        { "BYTES=1-", 10, "1-9" },
        { "bytes=-1", 10, "9-9" },
        { "bytes=-99", 10, "0-9" },
        { "bytes=5-99", 10, "5-9" },
        { "bytes=9-9", 10, "9-9" },
        { "bytes= 0-1", 10, "0-1" },
        { "bytes=0-1 ,", 10, "0-1" },
        { "bytes=0-99999999999999999999999", 10, "0-9" },
        { "bytes=-99999999999999999999999", 10, "0-9" },
        { "bytes=10-", 10, "none" },
        { "bytes=10-11", 10, "none" },
        { "bytes=99999999999999999999999-", 10, "none" },
        { "bytes=-0", 10, "none" },
        { "bytes=0-", 0, "none" },
        { "bytes=-5", 0, "none" },
        { "bytes=0-1,10-", 10, "0-1" },
        { "bytes=0-1,2-3", 10, "0-3" },
        { "bytes=2-3,0-1", 10, "0-3" },
        { "bytes=0-5,3-4", 10, "0-5" },
        { "bytes=0-,-1", 10, "0-9" },
        { "bytes=0-1,3-4", 10, "ignored" },
        { "bytes=10-,11-", 10, "none" },
        { "", 10, "ignored" },
        { "bytes", 10, "ignored" },
        { "bytes=", 10, "ignored" },
        { "bytes=,", 10, "ignored" },
        { "bytes=-", 10, "ignored" },
        { "bytes=1", 10, "ignored" },
        { "bytes=2-1", 10, "ignored" },
        { "bytes=0-1,2-1", 10, "ignored" },
        { "bytes=a-b", 10, "ignored" },
        { "bytes=--1", 10, "ignored" },
        { "bytes=1-2-3", 10, "ignored" },
        { "bytes=+1-2", 10, "ignored" },
        { "bytes=1 -2", 10, "ignored" },
        { "bytes =1-2", 10, "ignored" },
        { "items=0-1", 10, "ignored" },
        { "bytes=" + "0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0", 10, "0-0" },
        { "bytes=" + "0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0", 10, "ignored" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_range_is_one_or_none(string text, long bodyBytes, string expected)
    {
        var kind = ByteRanges.Read(HeadText.Bytes(text), bodyBytes, out var range);
        Assert.Equal(expected, kind switch
        {
            RangeKind.Single => $"{range.First}-{range.Last}",
            RangeKind.Unsatisfiable => "none",
            _ => "ignored",
        });
    }

    [Fact]
    public void A_joined_range_is_just_what_was_asked_for() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<((byte, byte)[], byte)>(),
            given =>
            {
                var (pairs, size) = given;
                var asked = pairs.Take(8).Select(pair => (First: Math.Min(pair.Item1, pair.Item2) % 16,
                    Last: Math.Min(pair.Item1, pair.Item2) % 16 + Math.Abs(pair.Item1 - pair.Item2) % 5)).ToArray();
                var bytes = size % 24;
                var text = "bytes=" + string.Join(", ", asked.Select(pair => $"{pair.First}-{pair.Last}"));
                var kind = ByteRanges.Read(HeadText.Bytes(text), bytes, out var range);
                var wanted = Enumerable.Range(0, bytes)
                    .Where(at => asked.Any(pair => at >= pair.First && at <= pair.Last)).ToArray();
                if (asked.Length == 0)
                    return kind == RangeKind.Ignored;
                if (wanted.Length == 0)
                    return kind == RangeKind.Unsatisfiable;
                var isOne = wanted[^1] - wanted[0] + 1 == wanted.Length;
                return isOne
                    ? kind == RangeKind.Single && range == new ByteRange(wanted[0], wanted[^1])
                    : kind == RangeKind.Ignored;
            }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2000));
}
