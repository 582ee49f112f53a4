namespace Weir.Core.Http;

/// <summary>
/// Checks an authority: name, IPv4 address or bracketed IPv6 address, then perhaps a port (RFC 9110 section 7.2).
/// </summary>
internal static class HostSyntax
{
    private const int PortDigitsMax = 5;

    public static bool IsValid(ReadOnlySpan<byte> authority)
    {
        int end;
        if (!authority.IsEmpty && authority[0] == '[')
        {
            end = authority.IndexOf((byte)']') + 1;
            // The shortest literal is [::].
            if (end < 4 || authority[1..(end - 1)].IndexOfAnyExcept(ByteSets.IPv6) >= 0)
                return false;
        }
        else
        {
            end = authority.IndexOfAnyExcept(ByteSets.HostName);
            if (end < 0)
                return !authority.IsEmpty;
            if (end == 0)
                return false;
        }

        return end == authority.Length || IsPort(authority[end..]);
    }

    /// <summary>
    /// A colon and up to five digits; no digits at all is allowed by the grammar (RFC 3986 section 3.2.3).
    /// </summary>
    private static bool IsPort(ReadOnlySpan<byte> port) =>
        port[0] == ':' && port.Length <= 1 + PortDigitsMax && port[1..].IndexOfAnyExcept(ByteSets.Digit) < 0;
}
