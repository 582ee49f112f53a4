namespace Weir.Core.Pooling.Messages;

/// <summary>The one byte of ReadyForQuery.</summary>
internal static class TransactionStatus
{
    public const byte Idle = (byte)'I';
    public const byte Open = (byte)'T';
    public const byte Failed = (byte)'E';

    /// <summary>Reads a ReadyForQuery's body; false where it is not one byte of the three.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out byte status)
    {
        status = body.Length == 1 ? body[0] : (byte)0;
        return status is Idle or Open or Failed;
    }
}
