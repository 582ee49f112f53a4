namespace Weir.Core.Caching.Shared;

/// <summary>An answer's tags in one row of bytes: each behind its length in one byte.</summary>
internal static class SharedTags
{
    public static byte[] Write(byte[][] tags)
    {
        if (tags.Length == 0)
            return [];
        var bytes = new List<byte>();
        foreach (var tag in tags)
        {
            bytes.Add((byte)tag.Length);
            bytes.AddRange(tag);
        }

        return [.. bytes];
    }

    /// <summary>Null: not what <see cref="Write"/> wrote.</summary>
    public static byte[][]? Read(ReadOnlySpan<byte> bytes)
    {
        var tags = new List<byte[]>();
        while (!bytes.IsEmpty)
        {
            var length = bytes[0];
            if (length == 0 || length > AnswerTags.BytesMax || length >= bytes.Length
                || tags.Count == AnswerTags.CountMax)
                return null;
            tags.Add(bytes.Slice(1, length).ToArray());
            bytes = bytes[(1 + length)..];
        }

        return [.. tags];
    }

    /// <summary>True if the tag is among them, also where they cannot be read to their end.</summary>
    public static bool Has(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> tag)
    {
        while (!bytes.IsEmpty)
        {
            var length = bytes[0];
            if (length >= bytes.Length || bytes.Slice(1, length).SequenceEqual(tag))
                return true;
            bytes = bytes[(1 + length)..];
        }

        return false;
    }
}
