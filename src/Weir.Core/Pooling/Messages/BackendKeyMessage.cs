using System.Buffers.Binary;

namespace Weir.Core.Pooling.Messages;

/// <summary>What a CancelRequest to this server connection must show.</summary>
internal readonly ref struct BackendKeyMessage
{
    /// <summary>With protocol 3.0 exactly so many.</summary>
    public const int SecretBytesMin = 4;

    /// <summary>Protocol 3.2; a pooler shall not use them all, so that another may stand before it.</summary>
    public const int SecretBytesMax = 256;

    public int ProcessId { get; private init; }

    public ReadOnlySpan<byte> Secret { get; private init; }

    /// <summary>False where the secret is not 4 to 256 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out BackendKeyMessage message)
    {
        message = default;
        if (body.Length is < sizeof(int) + SecretBytesMin or > sizeof(int) + SecretBytesMax)
            return false;
        message = new BackendKeyMessage
        {
            ProcessId = BinaryPrimitives.ReadInt32BigEndian(body),
            Secret = body[sizeof(int)..],
        };
        return true;
    }
}
