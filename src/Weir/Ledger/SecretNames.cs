namespace Weir.Ledger;

/// <summary>Tells which names of query parameters and settings hold what must not be written down.</summary>
internal static class SecretNames
{
    // In any part of the name: "reset_password_token", "X-Amz-Signature". Masking "monkey" too costs nothing.
    private static readonly string[] Parts =
        ["token", "passw", "pwd", "secret", "signature", "key", "auth", "credential", "session", "jwt", "code"];

    private static readonly string[] Wholes = ["sig", "otp", "pin", "pass", "ticket", "state", "nonce", "assertion"];

    /// <summary>
    /// True where the value must be masked; a name with an escape in it hides something, so it is masked too.
    /// </summary>
    public static bool Match(ReadOnlySpan<byte> name)
    {
        if (name.Length > 128 || name.Contains((byte)'%'))
            return true;
        Span<char> letters = stackalloc char[name.Length];
        for (var i = 0; i < name.Length; i++)
            letters[i] = (char)name[i];
        return Match(letters);
    }

    public static bool Match(ReadOnlySpan<char> name)
    {
        foreach (var part in Parts)
        {
            if (name.Contains(part, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        foreach (var whole in Wholes)
        {
            if (name.Equals(whole, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
