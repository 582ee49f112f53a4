using System.Buffers.Text;

namespace Weir.Core.Http.Forwarding;

/// <summary>The two parts of an authority: "example.com:8080", "[2001:db8::1]:8080".</summary>
internal static class HostPort
{
    /// <summary>The digits of the port; empty where there is none, or none that is a number from 1 to 65535.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> authority)
    {
        var colon = ColonOf(authority);
        if (colon < 0)
            return default;
        var port = authority[(colon + 1)..];
        return TryParse(port, out _) ? port : default;
    }

    /// <summary>The authority without its port.</summary>
    public static ReadOnlySpan<byte> WithoutPort(ReadOnlySpan<byte> authority)
    {
        var colon = ColonOf(authority);
        return colon < 0 ? authority : authority[..colon];
    }

    public static bool TryParse(ReadOnlySpan<byte> digits, out int port) =>
        Utf8Parser.TryParse(digits, out port, out var used) && used == digits.Length && digits.Length <= 5
        && digits[0] is >= (byte)'0' and <= (byte)'9' && port is > 0 and <= 65535;

    private static int ColonOf(ReadOnlySpan<byte> authority)
    {
        var colon = authority.LastIndexOf((byte)':');
        return colon >= 0 && authority[colon..].Contains((byte)']') ? -1 : colon;
    }
}
