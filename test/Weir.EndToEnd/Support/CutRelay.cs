using System.Net;
using System.Net.Sockets;
using Weir.Tests.Support;

namespace Weir.EndToEnd.Support;

/// <summary>
/// A wire between two parts that a test can cut: passes bytes both ways, until <see cref="Cut"/> resets every
/// connection and each new one.
/// </summary>
internal sealed class CutRelay : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];
    private readonly Socket _listener;
    private readonly int _to;
    private bool _isCut;

    public CutRelay(int to)
    {
        _to = to;
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        SideThread.Start(Accept);
    }

    public int Port { get; }

    /// <summary>
    /// Called with what is about to be sent on, which it may hold up or change; on many threads. Null: nothing is done.
    /// </summary>
    public Action<Memory<byte>>? Passing { get; set; }

    public void Cut()
    {
        lock (_lock)
        {
            _isCut = true;
            foreach (var socket in _sockets) Reset(socket);
            _sockets.Clear();
        }
    }

    public void Mend()
    {
        lock (_lock) _isCut = false;
    }

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private void Accept()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = _listener.Accept();
            }
            catch (SocketException)
            {
                return;
            }

            var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                server.Connect(IPAddress.Loopback, _to);
            }
            catch (SocketException)
            {
                Reset(client);
                continue;
            }

            lock (_lock)
            {
                if (_isCut)
                {
                    Reset(client);
                    Reset(server);
                    continue;
                }

                _sockets.Add(client);
                _sockets.Add(server);
            }

            (client.NoDelay, server.NoDelay) = (true, true);
            SideThread.Start(() => Pass(client, server));
            SideThread.Start(() => Pass(server, client));
        }
    }

    private void Pass(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            for (var read = from.Receive(buffer); read > 0; read = from.Receive(buffer))
            {
                Passing?.Invoke(buffer.AsMemory(0, read));
                for (var at = 0; at < read;) at += to.Send(buffer.AsSpan(at..read));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            Reset(to);
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }

        socket.Dispose();
    }
}
