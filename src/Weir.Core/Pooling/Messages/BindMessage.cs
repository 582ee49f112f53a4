namespace Weir.Core.Pooling.Messages;

/// <summary>The two names at the head of a Bind; its parameters may be large and are not looked at.</summary>
internal readonly ref struct BindMessage
{
    /// <summary>Three counts of two bytes are the least that follows the names.</summary>
    private const int RestBytesMin = 6;

    public ReadOnlySpan<byte> Portal { get; private init; }

    public ReadOnlySpan<byte> Statement { get; private init; }

    /// <summary>Where in the body the parameters' formats begin.</summary>
    public int RestOffset { get; private init; }

    /// <summary>
    /// More while the names are not both there: broken, then, if that was the whole body. Reads nothing behind them.
    /// </summary>
    public static PacketRead TryRead(ReadOnlySpan<byte> head, out BindMessage message) =>
        TryRead(head, int.MaxValue, out message);

    /// <param name="head">The body, or its beginning.</param>
    /// <param name="bodyBytes">How long the body is by its header.</param>
    public static PacketRead TryRead(ReadOnlySpan<byte> head, int bodyBytes, out BindMessage message)
    {
        message = default;
        var rest = head;
        if (!CText.TryTake(ref rest, out var portal) || !CText.TryTake(ref rest, out var statement))
            return head.Length >= bodyBytes ? PacketRead.Broken : PacketRead.More;
        message = new BindMessage
        {
            Portal = portal,
            Statement = statement,
            RestOffset = portal.Length + statement.Length + 2,
        };
        return message.RestOffset > bodyBytes - RestBytesMin ? PacketRead.Broken : PacketRead.Whole;
    }
}
