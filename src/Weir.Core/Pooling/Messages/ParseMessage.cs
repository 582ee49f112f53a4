using System.Buffers.Binary;

namespace Weir.Core.Pooling.Messages;

/// <summary>A statement to prepare. Nothing is copied: the spans are of the body.</summary>
internal readonly ref struct ParseMessage
{
    public ReadOnlySpan<byte> Name { get; private init; }

    public ReadOnlySpan<byte> Text { get; private init; }

    /// <summary>As on the wire: how many (two bytes), and four bytes for each type that the client names.</summary>
    public ReadOnlySpan<byte> Types { get; private init; }

    /// <summary>False where the body is not exactly two texts and as many types as it says.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ParseMessage message)
    {
        message = default;
        if (!CText.TryTake(ref body, out var name) || !CText.TryTake(ref body, out var text))
            return false;
        if (body.Length < sizeof(ushort)
            || body.Length != sizeof(ushort) + BinaryPrimitives.ReadUInt16BigEndian(body) * sizeof(int))
            return false;
        message = new ParseMessage { Name = name, Text = text, Types = body };
        return true;
    }
}
