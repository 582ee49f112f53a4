using System.Buffers.Binary;
using System.Text;
using Weir.Core.Pooling.Messages;

namespace Weir.Tests.Pooling.Messages;

/// <summary>
/// Bytes as a peer sends them: texts written by hand, so that no writer of ours vouches for our readers.
/// </summary>
internal static class Wire
{
    /// <summary>Latin 1, so that each letter is one byte.</summary>
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>A packet with no kind: its length, a number and the rest.</summary>
    public static byte[] Startup(int code, string rest)
    {
        var bytes = new byte[8 + rest.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), code);
        Bytes(rest).CopyTo(bytes, 8);
        return bytes;
    }

    public static byte[] Int(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>The one message that a writer has written: its kind, and its body with its length checked.</summary>
    public static byte[] Body(PacketWriter writer, char kind)
    {
        Assert.True(MessageHeader.TryRead(writer.Written, out var seen, out var bodyBytes));
        Assert.Equal(kind, (char)seen);
        Assert.Equal(writer.Length, MessageHeader.Bytes + bodyBytes);
        return writer.Written[MessageHeader.Bytes..].ToArray();
    }

    /// <summary>Each way to have one byte other than it is.</summary>
    public static IEnumerable<byte[]> Corruptions(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length; at++)
        {
            foreach (var value in (byte[])[0, 1, 0x7F, 0x80, 0xFF, (byte)(bytes[at] ^ 0x20), (byte)(bytes[at] + 1)])
            {
                var copy = bytes.ToArray();
                copy[at] = value;
                yield return copy;
            }
        }
    }
}
