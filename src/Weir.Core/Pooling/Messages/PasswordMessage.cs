namespace Weir.Core.Pooling.Messages;

/// <summary>A client's password in the clear, or its answer to MD5's salt.</summary>
internal static class PasswordMessage
{
    /// <summary>The longest that PostgreSQL reads before a client is known (PG_MAX_AUTH_TOKEN_LENGTH).</summary>
    public const int BodyBytesMax = 65535;

    /// <summary>False where the body is not exactly one text.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> password)
    {
        password = default;
        return body.Length <= BodyBytesMax && CText.TryTake(ref body, out password) && body.IsEmpty;
    }
}
