namespace Weir.Core.Pooling.Sql;

/// <summary>
/// Finds the few words that mean something among the many that do not: one bit says "no" to most, then open addressing.
/// Immutable.
/// </summary>
internal sealed class WordTable
{
    /// <summary>NAMEDATALEN − 1: the server cuts longer names off.</summary>
    public const int NameBytesMax = 63;

    private const uint Spread = 0x9E3779B1;
    private readonly ulong[] _filter = new ulong[64];
    private readonly WordMeaning?[] _slots;
    private readonly int _shift;

    public WordTable(IReadOnlyCollection<WordMeaning> words)
    {
        var bits = 4;
        while (1 << bits < words.Count * 4)
            bits++;
        _slots = new WordMeaning?[1 << bits];
        _shift = 32 - bits;
        foreach (var word in words)
        {
            var sum = HashOf(word.Name) * Spread;
            _filter[sum >> 26] |= 1ul << (int)((sum >> 20) & 63);
            var at = sum >> _shift;
            while (_slots[at] is not null)
                at = (at + 1) & (uint)(_slots.Length - 1);
            _slots[at] = word;
        }
    }

    public static uint Add(uint hash, byte b) => (hash * 31) + (uint)(b | 0x20);

    public static uint HashOf(ReadOnlySpan<byte> word)
    {
        var hash = 0u;
        foreach (var b in word)
            hash = Add(hash, b);
        return hash;
    }

    /// <param name="isQuoted">It means what is written; else upper case means lower.</param>
    public WordMeaning? Find(ReadOnlySpan<byte> word, uint hash, bool isQuoted)
    {
        if (word.Length > NameBytesMax)
        {
            word = word[..NameBytesMax];
            hash = HashOf(word);
        }

        var sum = hash * Spread;
        if ((_filter[sum >> 26] & (1ul << (int)((sum >> 20) & 63))) == 0)
            return null;
        for (var at = sum >> _shift; _slots[at] is { } found; at = (at + 1) & (uint)(_slots.Length - 1))
        {
            if (found.Name.Length == word.Length && (isQuoted ? word.SequenceEqual(found.Name) : IsFolded(word, found.Name)))
                return found;
        }

        return null;
    }

    /// <summary>The server folds ASCII; bytes above 127 are left to those who look at <c>HasForeignWord</c>.</summary>
    private static bool IsFolded(ReadOnlySpan<byte> word, ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < word.Length; i++)
        {
            var b = word[i];
            if ((b - 'A' <= 'Z' - 'A' && b >= 'A' ? b | 0x20 : b) != name[i])
                return false;
        }

        return true;
    }
}
