using System.Buffers.Binary;
using System.Text;

namespace Weir.Core.Pooling.Messages;

/// <summary>A server's NegotiateProtocolVersion: it is older than what was asked, or does not know an option.</summary>
/// <param name="Minor">The newest minor version that it speaks.</param>
/// <param name="Unknown">The options that it does not know.</param>
internal sealed record NegotiateMessage(int Minor, IReadOnlyList<string> Unknown)
{
    /// <summary>Null where the body is not exactly a version, a count and as many texts.</summary>
    public static NegotiateMessage? Read(ReadOnlySpan<byte> body)
    {
        if (body.Length < 2 * sizeof(int))
            return null;
        // The manual speaks of the minor version; PostgreSQL itself sends the whole one. Both are read.
        var version = BinaryPrimitives.ReadUInt32BigEndian(body);
        var count = BinaryPrimitives.ReadInt32BigEndian(body[sizeof(int)..]);
        var rest = body[(2 * sizeof(int))..];
        if (version >> 16 is not (0 or 3) || count < 0 || count > rest.Length)
            return null;
        var unknown = new List<string>();
        for (; count > 0; count--)
        {
            if (!CText.TryTake(ref rest, out var name))
                return null;
            unknown.Add(Encoding.UTF8.GetString(name));
        }

        return rest.IsEmpty ? new NegotiateMessage((int)(version & 0xFFFF), unknown) : null;
    }
}
