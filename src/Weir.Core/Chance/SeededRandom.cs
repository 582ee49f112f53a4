namespace Weir.Core.Chance;

/// <summary>
/// A stream of pseudo-random numbers (SplitMix64): same seed and name, same numbers, on every platform and version.
/// Streams of different names are independent, so that one more draw in one place shifts nothing in another.
/// </summary>
internal sealed class SeededRandom(ulong state)
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    /// <summary>The whole state: a stream made from it goes on where this one is.</summary>
    public ulong State { get; private set; } = state;

    /// <summary>Goes on where a stream with this state is.</summary>
    public void GoOnFrom(ulong other) => State = other;

    /// <summary>The stream of this name under this seed.</summary>
    public static SeededRandom Stream(ulong seed, string name)
    {
        var hash = FnvOffset;
        foreach (var letter in name)
            hash = (hash ^ letter) * FnvPrime;
        return new SeededRandom(Mix(hash) ^ Mix(seed + 0x9E3779B97F4A7C15));
    }

    public ulong NextUInt64() => Mix(State += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in 0 … <paramref name="bound"/> − 1; the bias is below bound / 2^64.</summary>
    public int NextBelow(int bound) => (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
