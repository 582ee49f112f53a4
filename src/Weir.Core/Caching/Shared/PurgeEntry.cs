using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Weir.Core.Caching.Shared;

/// <summary>One purge as the log of the shared store keeps it.</summary>
/// <param name="Node">Who made it: a number that a node draws at its start, never 0.</param>
/// <param name="Number">That node's count of purges, from 1; with the node, no two purges are the same.</param>
/// <param name="Selector">What it matches, in the cache's own notation; empty: everything.</param>
internal sealed record PurgeEntry(long Node, long Number, PurgeDepth Depth, ReadOnlyMemory<byte> Selector)
{
    /// <summary>As long as a URL may well be.</summary>
    public const int SelectorBytesMax = 4 * 1024;

    private const byte Version = 2;
    private const int HeadBytes = 18 + SumBytes;
    private const int SumBytes = 8;

    public bool IsEverything => Selector.IsEmpty;

    /// <summary>No node's: an entry that could not be read, and that may have meant anything.</summary>
    public static PurgeEntry Unread { get; } = new(0, 0, PurgeDepth.Soft, default);

    public bool IsSameAs(PurgeEntry other) => Node == other.Node && Number == other.Number;

    public byte[] ToBytes()
    {
        var bytes = new byte[HeadBytes + Selector.Length];
        bytes[0] = Version;
        bytes[1] = (byte)Depth;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(2), Node);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(10), Number);
        Selector.Span.CopyTo(bytes.AsSpan(HeadBytes));
        SumOf(bytes).CopyTo(bytes.AsSpan(HeadBytes - SumBytes));
        return bytes;
    }

    /// <summary><see cref="Unread"/> for what no node wrote.</summary>
    public static PurgeEntry Read(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.Length is < HeadBytes or > HeadBytes + SelectorBytesMax || span[0] != Version || span[1] > 1
            || !SumOf(span).SequenceEqual(span[(HeadBytes - SumBytes)..HeadBytes]))
            return Unread;
        var node = BinaryPrimitives.ReadInt64LittleEndian(span[2..]);
        var number = BinaryPrimitives.ReadInt64LittleEndian(span[10..]);
        return node == 0 || number <= 0 ? Unread
            : new PurgeEntry(node, number, (PurgeDepth)span[1], bytes[HeadBytes..]);
    }

    /// <summary>
    /// Of all but itself: a purge that was garbled on its way must not be carried out as one of something else.
    /// </summary>
    private static ReadOnlySpan<byte> SumOf(ReadOnlySpan<byte> bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes[..(HeadBytes - SumBytes)]);
        hash.AppendData(bytes[HeadBytes..]);
        return hash.GetHashAndReset().AsSpan(0, SumBytes);
    }
}
