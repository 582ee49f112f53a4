using Weir.Core.Ledger;
using Weir.Demo;

namespace Weir.Tests.Demo;

public sealed class ReceiptTests
{
    [Fact]
    public void A_receipt_reads_like_a_sum() => Assert.Equal(
        "receive 340 + queue 12 + connect 0 + app 95 + send 2,100 = 2,547 ms; worker busy 95",
        Receipt.Write(Times(340_000, 0, 12_000, 0, 95_000, 2_100_000), 95_000));

    [Fact]
    public void Cache_is_told_only_where_it_took_time() => Assert.Equal(
        "receive 1 + cache 2 + queue 0 + connect 0 + app 0 + send 0 = 3 ms; worker busy 0",
        Receipt.Write(Times(1_000, 2_000, 0, 0, 0, 0), 0));

    [Theory]
    [InlineData(499, 0, 0, 0, 0, 0)]
    [InlineData(500, 500, 500, 500, 500, 500)]
    [InlineData(1_499, 499, 499, 499, 499, 499)]
    [InlineData(999, 999, 999, 999, 999, 999)]
    [InlineData(0, 0, 0, 0, 0, 500)]
    public void Rounded_parts_add_up_to_the_rounded_total(params int[] micros) =>
        Holds([.. micros.Select(one => (long)one)]);

    [Fact]
    public void Rounded_parts_add_up_whatever_the_times()
    {
        var random = new Random(7);
        for (var round = 0; round < 10_000; round++)
            Holds([.. Enumerable.Range(0, 6).Select(_ => (long)random.Next(random.Next(1, 3_000_000)))]);
    }

    private static void Holds(long[] micros)
    {
        var times = Times(micros);
        var parts = Receipt.Round(times);
        Assert.Equal((times.Total + 500) / 1_000, parts.Sum());
        for (var phase = 0; phase < parts.Length; phase++)
            Assert.InRange(parts[phase], micros[phase] / 1_000, (micros[phase] + 999) / 1_000);
    }

    private static PhaseTimes Times(params long[] micros)
    {
        var times = new PhaseTimes();
        for (var phase = 0; phase < micros.Length; phase++)
            times[phase] = micros[phase];
        return times;
    }
}
