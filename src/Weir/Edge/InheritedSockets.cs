using System.Globalization;
using System.Net.Sockets;
using Weir.Wires;

namespace Weir.Edge;

/// <summary>
/// Listening sockets that whoever started Weir has bound for it (sd_listen_fds(3)): descriptors from 3 up, LISTEN_FDS
/// of them, meant for us where LISTEN_PID is our own id.
/// </summary>
internal static class InheritedSockets
{
    private const int First = 3;

    /// <summary>More than any unit has; a count past it is a mistake.</summary>
    private const int CountMax = 64;

    private static int s_count;

    /// <summary>
    /// First thing of all, before anything is started: the sockets and their variables are no child's.
    /// </summary>
    public static void Claim()
    {
        s_count = Count(
            Environment.GetEnvironmentVariable("LISTEN_PID"), Environment.GetEnvironmentVariable("LISTEN_FDS"),
            Environment.ProcessId);
        foreach (var name in (string[])["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"])
            Environment.SetEnvironmentVariable(name, null);
        // What comes over an exec lacks the mark, and a child that held a listener would keep it from being closed.
        for (var descriptor = First; descriptor < First + s_count; descriptor++)
            _ = Kernel.SetCloseOnExec(descriptor);
    }

    /// <summary>True until they are taken: whoever started Weir has bound its front door.</summary>
    public static bool Any => Volatile.Read(ref s_count) > 0;

    /// <summary>Those that were claimed; a second call finds none.</summary>
    /// <exception cref="FormatException">One is no listener: the unit hands over something else.</exception>
    public static IReadOnlyList<Socket> Take()
    {
        var count = Interlocked.Exchange(ref s_count, 0);
        return [.. Enumerable.Range(First, count).Select(Listener)];
    }

    private static Socket Listener(int descriptor)
    {
        if (!Kernel.IsListening(descriptor))
        {
            throw new FormatException($"LISTEN_FDS: descriptor {descriptor} is no listening stream socket; "
                + "the socket unit needs ListenStream=");
        }

        return new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
    }

    /// <summary>How many there are for this process; 0 where none are.</summary>
    public static int Count(string? forWhom, string? howMany, int own) =>
        int.TryParse(forWhom, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id == own
            && int.TryParse(howMany, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is > 0 and <= CountMax ? count : 0;
}
