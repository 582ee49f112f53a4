using System.Buffers.Binary;
using System.Text;

namespace Weir.Sim.Recordings;

/// <summary>
/// A piece of a recording: records of one app. On disk: its app's number and the length of its bytes, then the bytes.
/// </summary>
internal readonly record struct RecordingBlock(int App, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>In place of an app's number: the block's bytes are a name, those of the app that comes next.</summary>
    private const int Name = -1;
    private const int HeadBytes = 8;

    /// <summary>A block is never longer, snapshots apart.</summary>
    private const int BytesMax = 1 << 28;

    public static void Write(Stream to, int app, ReadOnlySpan<byte> bytes)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        BinaryPrimitives.WriteInt32LittleEndian(head, app);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], bytes.Length);
        to.Write(head);
        to.Write(bytes);
    }

    public static void WriteName(Stream to, string app) => Write(to, Name, Encoding.UTF8.GetBytes(app));

    /// <summary>The next one; names are added to <paramref name="apps"/>. Null at the end or a cut.</summary>
    /// <exception cref="FormatException">What follows is no block.</exception>
    public static RecordingBlock? Read(Stream from, List<string> apps, byte[] room)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        while (from.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false) == HeadBytes)
        {
            var app = BinaryPrimitives.ReadInt32LittleEndian(head);
            var length = BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
            if (length is < 0 or > BytesMax || app < Name || app >= apps.Count)
                throw new FormatException("the recording is damaged");
            var bytes = length <= room.Length ? room : new byte[length];
            if (from.ReadAtLeast(bytes.AsSpan(0, length), length, throwOnEndOfStream: false) < length)
                return null;
            if (app != Name)
                return new RecordingBlock(app, bytes.AsMemory(0, length));
            apps.Add(Encoding.UTF8.GetString(bytes, 0, length));
        }

        return null;
    }
}
