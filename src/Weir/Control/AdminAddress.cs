using System.Net;

namespace Weir.Control;

/// <summary>Where the admin API is, read from the setting <c>admin</c>.</summary>
internal sealed record AdminAddress
{
    /// <summary>Null where it is not TCP.</summary>
    public IPEndPoint? Tcp { get; init; }

    /// <summary>Null where it is not a unix socket.</summary>
    public string? Unix { get; init; }

    public bool IsOff => Tcp is null && Unix is null;

    /// <summary>
    /// Reads "127.0.0.1:9900", "localhost:9900", ":9900", "9900", "[::1]:9900", "unix:/path", "off"; null where it is
    /// none of them.
    /// </summary>
    public static AdminAddress? Parse(string text)
    {
        if (text is "off" or "")
            return new();
        if (text.StartsWith("unix:", StringComparison.Ordinal))
            return text.Length > 5 ? new() { Unix = Path.GetFullPath(text[5..]) } : null;
        if (ushort.TryParse(text, out var port) || (text.StartsWith(':') && ushort.TryParse(text[1..], out port)))
            return new() { Tcp = new(IPAddress.Loopback, port) };
        if (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            text = text[7..].TrimEnd('/');
        if (text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase))
            text = "127.0.0.1" + text[9..];
        return text.Contains(':') && IPEndPoint.TryParse(text, out var address) ? new() { Tcp = address } : null;
    }
}
