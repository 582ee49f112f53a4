using System.Net;
using Weir.Wires;

namespace Weir.Pooling;

/// <summary>Who is at the other end of a socket.</summary>
internal static unsafe class PeerCredentials
{
    /// <summary>
    /// The process and the user that connected a unix socket (SO_PEERCRED of unix(7)); 0 and −1: not known.
    /// </summary>
    public static (int Process, int User) Of(int descriptor)
    {
        const int socketLevel = 1;
        const int peerCredentials = 17;
        var credentials = stackalloc int[3];
        var length = 3 * sizeof(int);
        return Kernel.GetOption(descriptor, socketLevel, peerCredentials, credentials, &length) == 0
            ? (credentials[0], credentials[1])
            : (0, -1);
    }

    /// <summary>As people write it: an IPv4 address that came over an IPv6 socket is an IPv4 address.</summary>
    public static IPAddress MapToIPv4IfMapped(this IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
