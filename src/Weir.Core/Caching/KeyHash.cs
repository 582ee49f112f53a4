using System.Buffers.Binary;

namespace Weir.Core.Caching;

/// <summary>
/// A 64-bit hash of a cache key, for finding places only: whole keys are compared wherever an answer is at stake. The
/// seed is drawn once a process, so that nobody outside can make keys that fall together.
/// </summary>
internal readonly struct KeyHash(ulong seed)
{
    private const ulong First = 0xA0761D6478BD642F;
    private const ulong Second = 0xE7037ED1A0B428DB;
    private const ulong Third = 0x8EBC6AF09C88C6E3;

    public ulong Of(ReadOnlySpan<byte> bytes) => Of(bytes, seed);

    /// <summary>The hash of two parts; not that of the two in a row, so no part borrows from the other.</summary>
    public ulong Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => Of(second, Of(first, seed) + Third);

    private static ulong Of(ReadOnlySpan<byte> bytes, ulong seed)
    {
        var state = seed ^ First;
        var length = (ulong)bytes.Length;
        while (bytes.Length > 16)
        {
            state = Fold(Read(bytes) ^ Second, Read(bytes[8..]) ^ state);
            bytes = bytes[16..];
        }

        var (low, high) = (0UL, 0UL);
        if (bytes.Length >= 8)
        {
            low = Read(bytes);
            high = Read(bytes[^8..]);
        }
        else
        {
            for (var index = 0; index < bytes.Length; index++)
                low |= (ulong)bytes[index] << (8 * index);
        }

        state = Fold(low ^ Second, high ^ state);
        return Fold(state ^ Third, length ^ First);
    }

    private static ulong Read(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
