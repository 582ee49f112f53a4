using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Weir.Processes;

/// <summary>
/// Paths of unix sockets for instances that bind $WEIR_SOCKET, in a directory that is this user's alone.
/// </summary>
/// <param name="directory">0700, made by who gives it (the runtime directory).</param>
internal sealed class SocketPaths(string directory)
{
    /// <summary>sun_path has 108 bytes with the NUL behind the text (unix(7)).</summary>
    public const int PathBytesMax = 107;

    private const string Suffix = ".app";
    private static int s_serial;

    /// <summary>A path that was not given before. Whoever asks deletes the file with <see cref="Remove"/>.</summary>
    /// <exception cref="StartException">The directory's path leaves no room for a name.</exception>
    public string Next(string instance)
    {
        while (true)
        {
            var unique = string.Create(CultureInfo.InvariantCulture,
                $"{Environment.ProcessId}-{Interlocked.Increment(ref s_serial)}{Suffix}");
            var path = Path.Combine(directory, $"{instance}.{unique}");
            if (Encoding.UTF8.GetByteCount(path) > PathBytesMax)
                path = Path.Combine(directory, unique);
            if (Encoding.UTF8.GetByteCount(path) > PathBytesMax)
                throw new StartException($"{directory}: too long for a unix socket in it ({PathBytesMax} bytes); "
                    + "give a shorter XDG_RUNTIME_DIR", 1);
            // In a container every Weir has the same number, and an instance of the last one may live.
            if (!File.Exists(path))
                return path;
        }
    }

    public static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Its directory goes with the machine's next start.
        }
    }

    /// <summary>
    /// Deletes what Weirs that were killed left behind: sockets of no living Weir on which nobody listens. For the
    /// start, before the first of our own.
    /// </summary>
    public void Sweep()
    {
        foreach (var path in Directory.Exists(directory) ? Directory.EnumerateFiles(directory, "*" + Suffix) : [])
        {
            // Another Weir's may be bound and not listened on yet.
            if (!IsAnothers(Path.GetFileName(path)) && IsDead(path))
                Remove(path);
        }
    }

    private static bool IsAnothers(string name)
    {
        var number = name[..Math.Max(0, name.LastIndexOf('-'))].Split('.')[^1];
        return number != Environment.ProcessId.ToString(CultureInfo.InvariantCulture) && Path.Exists("/proc/" + number);
    }

    private static bool IsDead(string path)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            // A full accept backlog would refuse with "try again" at once, which is a sign of life.
            socket.Blocking = false;
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return false;
        }
        catch (Exception fault) when (fault is SocketException or ArgumentException)
        {
            return fault is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
        }
    }
}
