using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Weir.Processes;

namespace Weir.Control;

/// <summary>
/// Binds the admin door: TCP on the first free port from the one asked for, unix sockets with mode 0600.
/// </summary>
internal static class AdminSockets
{
    /// <summary>Ports tried after the one asked for. 50: more Weirs on one machine want ports of their own.</summary>
    private const int PortsMax = 50;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static Socket Bind(EndPoint endPoint) => endPoint switch
    {
        IPEndPoint address => BindAddress(address),
        UnixDomainSocketEndPoint socket => BindPath(socket.ToString()!),
        _ => SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint),
    };

    private static Socket BindAddress(IPEndPoint address)
    {
        for (var port = address.Port; ; port++)
        {
            try
            {
                return SocketTransportOptions.CreateDefaultBoundListenSocket(new IPEndPoint(address.Address, port));
            }
            catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AddressAlreadyInUse
                && port < Math.Min(65_535, address.Port + PortsMax))
            {
                // The next one, then.
            }
        }
    }

    /// <summary>
    /// A bound socket's file has the umask's mode until it is changed. So it is bound in a directory that only we can
    /// enter,
    /// and moved to its place when its mode is right.
    /// </summary>
    private static Socket BindPath(string path)
    {
        if (File.Exists(path) && Answers(path))
            throw new IOException($"{path} is in use by another process");
        var directory = Path.Combine(Path.GetDirectoryName(path)!, $".w{Environment.ProcessId}");
        var early = Path.Combine(directory, "s");
        RuntimeDirectory.Make(directory);
        try
        {
            File.Delete(early);
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(new UnixDomainSocketEndPoint(early));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(early, OwnerOnly);
            File.Move(early, path, overwrite: true);
            return socket;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static bool Answers(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
