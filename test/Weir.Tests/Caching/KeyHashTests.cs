using Weir.Core.Caching;

namespace Weir.Tests.Caching;

/// <summary>A hash that finds places, well spread and not to be foreseen.</summary>
public sealed class KeyHashTests
{
    [Fact]
    public void Every_bit_of_every_byte_counts()
    {
        var hash = new KeyHash(5);
        for (var length = 0; length < 70; length++)
        {
            var bytes = new byte[length];
            var seen = new HashSet<ulong> { hash.Of(bytes) };
            for (var bit = 0; bit < length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.True(seen.Add(hash.Of(bytes)), $"bit {bit} of {length} bytes");
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }

            Assert.True(seen.Add(hash.Of(new byte[length + 1])));
            Assert.True(seen.Add(new KeyHash(6).Of(bytes)));
        }
    }

    [Fact]
    public void Two_parts_are_not_their_sum()
    {
        var hash = new KeyHash(5);
        Assert.NotEqual(hash.Of("a.example"u8, "/x"u8), hash.Of("a.exampl"u8, "e/x"u8));
        Assert.Equal(hash.Of("a.example"u8, "/x"u8), hash.Of("a.example"u8, "/x"u8));
    }

    [Fact]
    public void Neighbours_spread_over_stripes_and_buckets()
    {
        var hash = new KeyHash(5);
        var (high, low) = (new int[64], new int[64]);
        for (var number = 0; number < 64_000; number++)
        {
            var of = hash.Of(System.Text.Encoding.ASCII.GetBytes($"https a.example /items/{number}"));
            high[of >> 58]++;
            low[of & 63]++;
        }

        Assert.All(high.Concat(low), count => Assert.InRange(count, 800, 1200));
    }
}
