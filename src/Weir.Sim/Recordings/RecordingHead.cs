using System.Text;

namespace Weir.Sim.Recordings;

/// <summary>How a recording begins.</summary>
/// <param name="Version">Of the Weir that recorded.</param>
/// <param name="StartedUnixMicros">Wall clock at the beginning, microseconds since 1970.</param>
/// <param name="StartedAt">The same on the recorder's monotonic clock.</param>
internal sealed record RecordingHead(string Version, long StartedUnixMicros, long StartedAt)
{
    /// <summary>Counts up where the format changes: another one is not read.</summary>
    private const byte Format = 1;

    private static ReadOnlySpan<byte> Magic => "WEIRREC"u8;

    public void Write(Stream to)
    {
        using var writer = new BinaryWriter(to, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Format);
        writer.Write(Version);
        writer.Write(StartedUnixMicros);
        writer.Write(StartedAt);
    }

    /// <exception cref="FormatException">It is no recording, or one of another format.</exception>
    public static RecordingHead Read(Stream from)
    {
        using var reader = new BinaryReader(from, Encoding.UTF8, leaveOpen: true);
        try
        {
            if (!reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic))
                throw new FormatException("this is no recording of Weir's");
            var format = reader.ReadByte();
            return format == Format
                ? new RecordingHead(reader.ReadString(), reader.ReadInt64(), reader.ReadInt64())
                : throw new FormatException($"its format is {format}, and this Weir reads {Format}");
        }
        catch (EndOfStreamException)
        {
            throw new FormatException("the recording is empty");
        }
    }
}
