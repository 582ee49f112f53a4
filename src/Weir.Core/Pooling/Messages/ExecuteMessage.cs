namespace Weir.Core.Pooling.Messages;

/// <summary>A portal to run.</summary>
internal static class ExecuteMessage
{
    /// <summary>False where the body is not exactly a text and the four bytes of how many rows.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> portal) =>
        CText.TryTake(ref body, out portal) && body.Length == sizeof(int);
}
