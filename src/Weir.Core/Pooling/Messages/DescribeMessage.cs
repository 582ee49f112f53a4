namespace Weir.Core.Pooling.Messages;

/// <summary>Describe and Close: they have one form.</summary>
internal readonly ref struct DescribeMessage
{
    public const byte Statement = (byte)'S';
    public const byte Portal = (byte)'P';

    /// <summary>Statement or Portal.</summary>
    public byte Target { get; private init; }

    public ReadOnlySpan<byte> Name { get; private init; }

    /// <summary>False where the body is not exactly a target and a text.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out DescribeMessage message)
    {
        message = default;
        if (body.Length < 2 || body[0] is not (Statement or Portal))
            return false;
        var target = body[0];
        body = body[1..];
        if (!CText.TryTake(ref body, out var name) || !body.IsEmpty)
            return false;
        message = new DescribeMessage { Target = target, Name = name };
        return true;
    }
}
