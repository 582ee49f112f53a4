using System.Numerics;

namespace Weir.Core.Caching;

/// <summary>
/// How often keys were asked for of late: a count-min sketch with counters of four bits, all halved after ten asks an
/// entry (TinyLFU; Einziger, Friedman, Manes 2017). It answers too much, never too little, but for what ageing took.
/// </summary>
/// <remarks>
/// Several threads may use it without a lock: a counter's word is read and written whole, so what a race loses is an
/// increment, and nothing depends on one.
/// </remarks>
internal sealed class FrequencySketch
{
    /// <summary>A counter's greatest value.</summary>
    public const int FrequencyMax = 15;

    private const int WordsABlock = 8;
    private const int AsksAnEntry = 10;
    private const ulong Odd = 0x1111111111111111;
    private const ulong AllButTop = 0x7777777777777777;

    private readonly ulong[] _words;
    private readonly ulong _blockMask;
    private readonly int _sampleMax;
    private int _asks;

    /// <param name="entries">How many entries are kept, about: 1 to 2^24; eight bytes are taken for each.</param>
    public FrequencySketch(int entries)
    {
        var words = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(entries, WordsABlock, 1 << 24));
        _words = new ulong[words];
        _blockMask = (ulong)(words / WordsABlock - 1);
        _sampleMax = AsksAnEntry * words;
    }

    /// <summary>Bytes of its table.</summary>
    public long Bytes => _words.LongLength * sizeof(ulong);

    /// <summary>The key was asked for once more.</summary>
    public void Increment(ulong hash)
    {
        var counters = Spread(hash);
        var block = Block(hash);
        var isAdded = false;
        for (var row = 0; row < 4; row++)
        {
            ref var word = ref _words[Word(block, counters, row)];
            var shift = Shift(counters, row);
            var seen = word;
            if (((seen >> shift) & FrequencyMax) == FrequencyMax)
                continue;
            word = seen + (1UL << shift);
            isAdded = true;
        }

        if (isAdded && ++_asks >= _sampleMax)
            Age();
    }

    /// <summary>How often it was asked for, 0 to 15.</summary>
    public int Frequency(ulong hash)
    {
        var counters = Spread(hash);
        var block = Block(hash);
        var least = FrequencyMax;
        for (var row = 0; row < 4; row++)
        {
            var count = (int)(_words[Word(block, counters, row)] >> Shift(counters, row)) & FrequencyMax;
            least = Math.Min(least, count);
        }

        return least;
    }

    private void Age()
    {
        var odd = 0;
        foreach (ref var word in _words.AsSpan())
        {
            odd += BitOperations.PopCount(word & Odd);
            word = (word >> 1) & AllButTop;
        }

        _asks = Math.Max(0, (_asks - odd / 4) / 2);
    }

    // The four counters of a key lie in one block of 64 bytes, so that an ask touches one line of the processor's
    // cache.
    private int Block(ulong hash) => (int)(hash & _blockMask) * WordsABlock;

    private static uint Spread(ulong hash)
    {
        var mixed = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93;
        return (uint)(mixed >> 32);
    }

    private static int Word(int block, uint counters, int row) => block + row * 2 + (int)((counters >> (row * 8)) & 1);

    private static int Shift(uint counters, int row) => (int)((counters >> (row * 8 + 1)) & 15) * 4;
}
