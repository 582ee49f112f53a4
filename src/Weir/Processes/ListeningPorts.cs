using System.Globalization;

namespace Weir.Processes;

/// <summary>Which TCP ports processes listen on: what an app did in place of binding the port it was given.</summary>
internal static class ListeningPorts
{
    private const string Listen = "0A";

    /// <summary>In rising order, each once; empty where none listens or /proc does not tell.</summary>
    public static IReadOnlyList<int> Of(IEnumerable<int> processes)
    {
        var ports = new Dictionary<string, int>();
        foreach (var table in new[] { "/proc/net/tcp", "/proc/net/tcp6" })
            ReadTable(table, ports);
        var found = new SortedSet<int>();
        foreach (var process in processes)
        {
            foreach (var inode in Sockets(process))
            {
                if (ports.TryGetValue(inode, out var port))
                    found.Add(port);
            }
        }

        return [.. found];
    }

    /// <summary>Reads one line of /proc/net/tcp: the port and inode of a listener; null for anything else.</summary>
    public static (string Inode, int Port)? Parse(string line)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 10 || fields[3] != Listen)
            return null;
        var colon = fields[1].LastIndexOf(':');
        return colon >= 0 && int.TryParse(fields[1].AsSpan(colon + 1), NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture, out var port) ? (fields[9], port) : null;
    }

    /// <summary>
    /// Connections that the kernel has taken on this port and no process has; −1 where nobody listens, 0 where /proc
    /// does not tell.
    /// </summary>
    public static int Waiting(int port)
    {
        var (waiting, isListening, isTold) = (0, false, false);
        foreach (var table in new[] { "/proc/net/tcp", "/proc/net/tcp6" })
        {
            foreach (var line in ReadLines(table))
            {
                isTold = true;
                if (Parse(line) is not { } found || found.Port != port)
                    continue;
                isListening = true;
                waiting += ParseWaiting(line);
            }
        }

        return isTold && !isListening ? -1 : waiting;
    }

    /// <summary>A listener's accept queue: the receive queue's field (proc(5); kernels since 2.6.17).</summary>
    public static int ParseWaiting(string line)
    {
        var queues = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
        return int.TryParse(queues.AsSpan(queues.IndexOf(':') + 1), NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture, out var waiting) ? waiting : 0;
    }

    private static void ReadTable(string path, Dictionary<string, int> ports)
    {
        foreach (var line in ReadLines(path))
        {
            if (Parse(line) is { } found)
                ports[found.Inode] = found.Port;
        }
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // No IPv6, or no /proc.
            return [];
        }
    }

    private static List<string> Sockets(int process)
    {
        const string head = "socket:[";
        var inodes = new List<string>();
        try
        {
            foreach (var descriptor in new DirectoryInfo($"/proc/{process}/fd").EnumerateFileSystemInfos())
            {
                if (descriptor.LinkTarget is { } target && target.StartsWith(head, StringComparison.Ordinal))
                    inodes.Add(target[head.Length..^1]);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Ended meanwhile, or another user's.
        }

        return inodes;
    }
}
