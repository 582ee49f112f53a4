using System.Buffers.Binary;

namespace Weir.Core.Pooling.Messages;

/// <summary>A message's kind and its length, which counts itself but not the kind.</summary>
internal static class MessageHeader
{
    public const int Bytes = 5;

    /// <summary>False while fewer than five bytes are there.</summary>
    /// <param name="bodyBytes">What follows the header: 0 or more, or −1 where the length cannot be.</param>
    public static bool TryRead(ReadOnlySpan<byte> from, out byte kind, out int bodyBytes)
    {
        if (from.Length < Bytes)
        {
            kind = 0;
            bodyBytes = 0;
            return false;
        }

        kind = from[0];
        var length = BinaryPrimitives.ReadInt32BigEndian(from[1..]);
        bodyBytes = length < sizeof(int) ? -1 : length - sizeof(int);
        return true;
    }
}
