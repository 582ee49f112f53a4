using Weir.Core.Caching.Shared;

namespace Weir.Fuzz;

/// <summary>
/// A stored value and an entry of the purge log. As it is a value is refused; sealed anew it is what its bytes say, for
/// its own key alone, and written again it is the same.
/// </summary>
internal static class SharedValueTarget
{
    private static readonly SharedSeal s_seal = new("a secret"u8);

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (SharedAnswerFormat.Read(data.ToArray(), default, default, s_seal, out _) is SharedAnswerRead.Answer
            or SharedAnswerRead.Varies)
            throw new InvariantException("A value that nobody sealed.");
        var value = new byte[data.Length + SharedSeal.Bytes];
        data.CopyTo(value);
        s_seal.Write([data.ToArray()], value.AsSpan(data.Length));
        if (SharedAnswerFormat.Read(value, [1], [1], s_seal, out var other) == SharedAnswerRead.OtherKey
            && other is not null)
            throw new InvariantException("Another key's answer is given out.");
        FuzzSealed(value);
        var entry = PurgeEntry.Read(data.ToArray());
        if (entry != PurgeEntry.Unread && !entry.ToBytes().AsSpan().SequenceEqual(data))
            throw new InvariantException("An entry written again is another.");
        FuzzParts(data);
    }

    /// <summary>Tags, and a selector against a key: whatever they are, nothing throws or is half read.</summary>
    private static void FuzzParts(ReadOnlySpan<byte> data)
    {
        if (SharedTags.Read(data) is { } tags && !SharedTags.Write(tags).AsSpan().SequenceEqual(data))
            throw new InvariantException("Tags written again are others.");
        if (data.IsEmpty)
            return;
        var rest = data[1..];
        var half = data[0] % (rest.Length + 1);
        SharedKey.IsPurgedBy(rest[..half], rest[half..], rest);
    }

    private static void FuzzSealed(byte[] value)
    {
        // The keys that it has, where there is room for them.
        if (value.Length < SharedAnswerFormat.FrameBytes)
            return;
        var keyBytes = (long)BitConverter.ToUInt32(value, 72);
        var varyBytes = (long)BitConverter.ToUInt32(value, 76);
        if (SharedAnswerFormat.FrameBytes + keyBytes + varyBytes > value.Length)
            return;
        var front = SharedAnswerFormat.FrameBytes - SharedSeal.Bytes;
        var key = value.AsSpan(front, (int)keyBytes);
        var varyKey = value.AsSpan(front + (int)keyBytes, (int)varyBytes);
        var read = SharedAnswerFormat.Read(value, key, varyKey, s_seal, out var answer);
        if (read != SharedAnswerRead.Answer)
            return;
        var again = SharedAnswerFormat.Write(answer!, s_seal).SelectMany(piece => piece.ToArray()).ToArray();
        if (!again.AsSpan().SequenceEqual(value))
            throw new InvariantException("Written again, it is other bytes.");
    }
}
