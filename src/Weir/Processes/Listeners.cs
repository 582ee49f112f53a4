using System.Globalization;

namespace Weir.Processes;

/// <summary>Sockets by the kernel's lists of them (proc(5): net/tcp, net/tcp6, net/unix).</summary>
internal static class Listeners
{
    private const string Listening = "0A";
    private const string Established = "01";
    private const string UnixPrefix = "unix:";

    /// <summary>SO_ACCEPTCON: a unix socket that listens.</summary>
    private const string Accepting = "00010000";

    /// <summary>The port of "127.0.0.1:5000"; null for a unix socket.</summary>
    public static int? PortOf(string address)
    {
        if (address.StartsWith(UnixPrefix, StringComparison.Ordinal))
            return null;
        var text = address.AsSpan(address.LastIndexOf(':') + 1);
        return int.TryParse(text, CultureInfo.InvariantCulture, out var port) ? port : null;
    }

    /// <summary>Of all who listen there: several where they share the port (SO_REUSEPORT).</summary>
    public static IReadOnlyList<uint> Inodes(string address) => PortOf(address) is { } port
        ? OfPort(port, Listening, out _)
        : OfPath(address[UnixPrefix.Length..]);

    /// <summary>The established connections whose local end is this port.</summary>
    public static IReadOnlyList<uint> Connections(int port) => OfPort(port, Established, out _);

    /// <summary>Connections that nobody accepted yet; −1 where nobody listens.</summary>
    public static int Unaccepted(int port) => OfPort(port, Listening, out var queued).Count == 0 ? -1 : queued;

    private static List<uint> OfPort(int port, string state, out int queued)
    {
        queued = 0;
        var found = new List<uint>();
        var end = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        foreach (var line in Lines("/proc/net/tcp").Concat(Lines("/proc/net/tcp6")))
        {
            // sl local remote st tx:rx tr:when retransmits uid timeout inode
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 10 || words[3] != state || !words[1].EndsWith(end, StringComparison.Ordinal))
                continue;
            var receive = words[4].AsSpan(words[4].IndexOf(':', StringComparison.Ordinal) + 1);
            if (int.TryParse(receive, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var count))
                queued += count;
            found.Add(uint.Parse(words[9], CultureInfo.InvariantCulture));
        }

        return found;
    }

    private static List<uint> OfPath(string path)
    {
        var found = new List<uint>();
        foreach (var line in Lines("/proc/net/unix"))
        {
            // Num RefCount Protocol Flags Type St Inode Path
            var words = line.Split(' ', 8, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 8 && words[3] == Accepting && IsSame(words[7], path))
                found.Add(uint.Parse(words[6], CultureInfo.InvariantCulture));
        }

        return found;
    }

    /// <summary>A path is listed as it was bound, which may have been from the server's own folder.</summary>
    private static bool IsSame(string bound, string path) =>
        bound == path || (!bound.StartsWith('/') && Path.GetFileName(bound) == Path.GetFileName(path));

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
