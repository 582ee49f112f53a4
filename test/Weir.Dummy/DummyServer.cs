using System.Net;
using System.Net.Sockets;

namespace Weir.Dummy;

/// <summary>
/// Listeners whose workers are threads: each accepts one connection, serves it to its end, and only then accepts
/// the next, as a pre-fork server of single-request workers does.
/// </summary>
internal sealed class DummyServer : IDisposable
{
    private readonly DummyOptions _options;
    private readonly List<Socket> _listeners = [];
    private readonly ManualResetEventSlim _ended = new();

    public DummyServer(DummyOptions options)
    {
        _options = options;
        for (var i = 0; i < options.Instances; i++)
        {
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, i == 0 ? options.Port : 0));
            _listeners.Add(listener);
        }
    }

    public IEnumerable<int> Ports => _listeners.Select(l => ((IPEndPoint)l.LocalEndPoint!).Port);

    public void Start()
    {
        // `refuse` holds the port without listening: connects are answered by RST at once, and nobody else takes it.
        if (_options.Mode == "refuse") return;
        foreach (var listener in _listeners)
        {
            listener.Listen(_options.Backlog);
            for (var worker = 0; worker < _options.Workers; worker++)
                new Thread(() => Work(listener), 256 * 1024) { IsBackground = true }.Start();
        }
    }

    public void Wait() => _ended.Wait();

    public void Dispose()
    {
        foreach (var listener in _listeners) listener.Dispose();
        _ended.Set();
        _ended.Dispose();
    }

    private void Work(Socket listener)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = listener.Accept();
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
            {
                return;
            }

            using (socket)
            {
                socket.NoDelay = true;
                try
                {
                    new DummyConnection(socket, _options).Serve();
                }
                catch (Exception fault) when (fault is SocketException or IOException or FormatException)
                {
                    // The peer went, or sent what nobody can read: the worker takes the next connection.
                }
            }
        }
    }
}
