namespace Weir.Core.Pooling.Messages;

/// <summary>A setting that the server reports.</summary>
internal readonly ref struct ParameterStatusMessage
{
    public ReadOnlySpan<byte> Name { get; private init; }

    public ReadOnlySpan<byte> Value { get; private init; }

    /// <summary>False where the body is not exactly a name and a value.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ParameterStatusMessage message)
    {
        message = default;
        if (!CText.TryTake(ref body, out var name) || !CText.TryTake(ref body, out var value))
            return false;
        message = new ParameterStatusMessage { Name = name, Value = value };
        return body.IsEmpty && !name.IsEmpty;
    }
}
