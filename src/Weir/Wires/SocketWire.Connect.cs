using System.Net;
using System.Net.Sockets;

namespace Weir.Wires;

// How a wire to an app comes to be. Connecting uses the sending direction: a socket that is connected is one that can
// be sent on.
internal sealed unsafe partial class SocketWire
{
    /// <summary>Begins to connect; look at <see cref="IsConnecting"/>, then at <see cref="ConnectError"/>.</summary>
    public static SocketWire Connect(SocketAddress to, Beat.Driven owner)
    {
        const int stream = 1;
        var descriptor = Kernel.Socket((int)NativeFamily(to), stream | Kernel.NonBlockCloseOnExec, 0);
        if (descriptor < 0)
        {
            var error = Kernel.LastError;
            return new SocketWire(-1) { Owner = owner, _connectError = error, _isClosed = 1, _sendFailed = 1 };
        }

        if (to.Family != AddressFamily.Unix)
            SetNoDelay(descriptor);
        var wire = new SocketWire(descriptor) { Owner = owner, IsUpstream = true };
        fixed (byte* address = to.Buffer.Span)
        {
            if (Kernel.Connect(descriptor, address, to.Size) < 0)
                wire._connectError = Kernel.LastError;
        }

        if (wire._connectError is 0 or Kernel.EInProgress)
        {
            if (wire._connectError == Kernel.EInProgress)
            {
                wire._connects = true;
                wire._sendState = Armed;
            }

            wire.WatchOrFail(descriptor);
        }

        return wire;
    }

    // Where the kernel has no room to watch one more, the attempt fails as if the app could not be reached.
    private void WatchOrFail(int descriptor)
    {
        try
        {
            _watchesRoom = _connects;
            _place = _thread.Watch(descriptor, this, alsoRoom: _connects);
        }
        catch (IOException)
        {
            _connects = false;
            _sendState = Quiet;
            _connectError = Kernel.EMFile;
        }
    }

    /// <summary>Answers on a small request go out at once, not after the next acknowledgement.</summary>
    public static void SetNoDelay(int descriptor)
    {
        const int tcp = 6;
        const int noDelay = 1;
        var on = 1;
        _ = Kernel.SetOption(descriptor, tcp, noDelay, &on, sizeof(int));
    }

    private void FinishConnect()
    {
        const int socketLevel = 1;
        const int errorOption = 4;
        var error = 0;
        var length = sizeof(int);
        _ = Kernel.GetOption(_descriptor, socketLevel, errorOption, &error, &length);
        // In this order: an owner that looks meanwhile must find how it ended as soon as it is found to have ended.
        Volatile.Write(ref _connectError, error);
        Volatile.Write(ref _connects, false);
    }

    public static int NativeFamily(SocketAddress address) => address.Family switch
    {
        AddressFamily.Unix => 1,
        AddressFamily.InterNetworkV6 => 10,
        _ => 2,
    };
}
