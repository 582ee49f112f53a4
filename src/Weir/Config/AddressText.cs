using System.Globalization;

namespace Weir.Config;

/// <summary>Checks addresses as they are written: "host:port", "[v6]:port", ":port", "unix:/path".</summary>
internal static class AddressText
{
    /// <summary>Where to listen; a bare port means every address.</summary>
    public static (string? Text, string Problem) Listen(string text)
    {
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
            text = ':' + text;
        return IsUnix(text) || IsPort(text, allowAnyHost: true, portMin: 0)
            ? (text, "")
            : (null, $"'{text}' is not an address to listen on; write :8080, 127.0.0.1:8080, [::1]:8080 or unix:/path");
    }

    /// <summary>A server to connect to: "host:port" or "[v6]:port".</summary>
    public static (string? Text, string Problem) Server(string text) => IsPort(text, allowAnyHost: false, portMin: 1)
        ? (text, "")
        : (null, $"'{text}' is not an address to connect to; write 127.0.0.1:6432");

    /// <summary>The admin door: an address to listen on, or "off".</summary>
    public static (string? Text, string Problem) Admin(string text) => text == "off" ? (text, "") : Listen(text);

    /// <summary>An instance with its slots: "host:port=4", "unix:/path=async", "host:port".</summary>
    public static (string? Text, string Problem) Instance(string text)
    {
        var (address, slots) = Split(text);
        if (!IsUnix(address) && !IsPort(address, allowAnyHost: false, portMin: 1))
        {
            var hint = text.StartsWith("http", StringComparison.Ordinal) ? " (without http://)" : "";
            return (null, $"'{text}' is not an address; write host:port or unix:/path, with =SLOTS behind it{hint}");
        }
        return slots is null || Slots(slots).Text is not null
            ? (text, "")
            : (null, $"'{text}': '{slots}' is not a number of slots; write =4, or =async for a server without workers");
    }

    /// <summary>A number of slots from 1 to 10,000, or "async", which is kept as 0.</summary>
    public static (string? Text, string Problem) Slots(string text)
    {
        if (text == "async")
            return ("0", "");
        var read = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var slots);
        return read && slots is >= 1 and <= 10_000
            ? (text, "")
            : (null, $"'{text}' is not a number of slots; write 1 to 10000, or async for a server without workers");
    }

    /// <summary>Address and slots; a path may hold "=" itself, so the last one counts.</summary>
    public static (string Address, string? Slots) Split(string text)
    {
        var at = text.LastIndexOf('=');
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
    }

    /// <summary>
    /// True if what connects to <paramref name="to"/> reaches who listens at <paramref name="listen"/> here: the same
    /// text, or one port of loopback on both sides. Names are not looked up; a loop through one is found by its Via.
    /// </summary>
    public static bool AreOne(string listen, string to)
    {
        if (listen == to)
            return !to.EndsWith(":0", StringComparison.Ordinal);
        if (IsUnix(listen) || IsUnix(to))
            return false;
        var (ours, theirs) = (listen.LastIndexOf(':'), to.LastIndexOf(':'));
        return listen[ours..] == to[theirs..]
            && IsHere(to[..theirs], orAny: false) && IsHere(listen[..ours], orAny: true);
    }

    private static bool IsHere(string host, bool orAny)
    {
        if (host is "localhost" || orAny && host is "" or "0.0.0.0" or "[::]" or "*")
            return true;
        return System.Net.IPAddress.TryParse(host.Trim('[', ']'), out var address)
            && System.Net.IPAddress.IsLoopback(address);
    }

    private static bool IsUnix(string text) => text.StartsWith("unix:", StringComparison.Ordinal) && text.Length > 5;

    private static bool IsPort(string text, bool allowAnyHost, int portMin)
    {
        var colon = text.LastIndexOf(':');
        var digits = text.AsSpan(colon + 1);
        if (colon < 0 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return false;
        var host = text[..colon];
        if (port < portMin || port > 65_535 || (host.Length == 0 && !allowAnyHost))
            return false;
        if (host.StartsWith('['))
            return host.EndsWith(']') && System.Net.IPAddress.TryParse(host[1..^1], out _);
        return host.IndexOfAny([' ', ':', '/', '=', '@']) < 0;
    }
}
