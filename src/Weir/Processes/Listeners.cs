using System.Globalization;

namespace Weir.Processes;

/// <summary>Sockets by the kernel's lists of them (proc(5): net/tcp, net/tcp6, net/unix).</summary>
internal static class Listeners
{
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
        ? OfPort(port, TcpRow.Listening)
        : OfPath(address[UnixPrefix.Length..]);

    /// <summary>The established connections whose local end is this port.</summary>
    public static IReadOnlyList<uint> Connections(int port) => OfPort(port, TcpRow.Established);

    /// <summary>
    /// Connections that the kernel has taken on this port and nobody has; −1 where nobody listens, null where /proc
    /// does not tell.
    /// </summary>
    public static int? Unaccepted(int port)
    {
        if (TcpRow.All() is not { } rows)
            return null;
        var listeners = rows.Where(row => row.State == TcpRow.Listening && row.Port == port).ToList();
        return listeners.Count == 0 ? -1 : listeners.Sum(row => row.Queued);
    }

    private static List<uint> OfPort(int port, string state) =>
        [.. (TcpRow.All() ?? []).Where(row => row.Port == port && row.State == state).Select(row => row.Inode)];

    private static List<uint> OfPath(string path)
    {
        var found = new List<uint>();
        foreach (var line in ProcFile.Lines("/proc/net/unix"))
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
}
