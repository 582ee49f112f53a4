using System.Buffers;
using System.Buffers.Text;

namespace Weir.Core.Caching.Shared;

/// <summary>Commands as the bytes a server reads: arrays of bulks, in both versions of the protocol.</summary>
internal static class RespWriter
{
    /// <summary>A sign of type, ten digits, the line's end.</summary>
    public const int HeaderBytesMax = 13;

    private const int LineEndBytes = 2;

    public static void Header(IBufferWriter<byte> into, byte type, int count)
    {
        var room = into.GetSpan(HeaderBytesMax);
        room[0] = type;
        Utf8Formatter.TryFormat(count, room[1..], out var digits);
        "\r\n"u8.CopyTo(room[(1 + digits)..]);
        into.Advance(1 + digits + LineEndBytes);
    }

    /// <summary>What stands before a command's first argument.</summary>
    public static void Command(IBufferWriter<byte> into, int arguments) => Header(into, (byte)'*', arguments);

    public static void Argument(IBufferWriter<byte> into, ReadOnlySpan<byte> bytes)
    {
        Header(into, (byte)'$', bytes.Length);
        into.Write(bytes);
        into.Write("\r\n"u8);
    }
}
