using System.Net;
using System.Net.Sockets;
using Weir.Tests.Support;

namespace Weir.EndToEnd.Support;

/// <summary>
/// An app in this process whose every connection is served by a script on a thread of its own: it sends the very bytes
/// that a test wants Weir to meet, and remembers the heads it was asked with.
/// </summary>
internal sealed class ScriptedApp : IDisposable
{
    private readonly Socket _listener;
    private readonly Action<AppConnection> _script;
    private readonly List<AppConnection> _connections = [];
    private readonly List<string> _heads = [];
    private int _working;
    private int _workingMost;

    /// <param name="script">Serves one connection to its end; the connection closes when it returns.</param>
    /// <param name="unixPath">Listens there; null = a free loopback port.</param>
    public ScriptedApp(Action<AppConnection> script, string? unixPath = null)
    {
        _script = script;
        if (unixPath is null)
        {
            _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            Address = $"127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}";
        }
        else
        {
            _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            _listener.Bind(new UnixDomainSocketEndPoint(unixPath));
            Address = "unix:" + unixPath;
        }

        _listener.Listen(512);
        SideThread.Start(Accept);
    }

    public string Address { get; }

    /// <summary>Connections accepted since the start.</summary>
    public int Accepted
    {
        get
        {
            lock (_connections) return _connections.Count;
        }
    }

    /// <summary>Request heads in the order they came, each with its CRLFs.</summary>
    public IReadOnlyList<string> Heads
    {
        get
        {
            lock (_heads) return [.. _heads];
        }
    }

    /// <summary>The most requests that were worked on at once.</summary>
    public int WorkingMost => Volatile.Read(ref _workingMost);

    /// <summary>Answers every request with these bytes, again and again.</summary>
    public static ScriptedApp Answering(string answer) => new(connection =>
    {
        while (connection.ReadRequest() is not null) connection.Write(answer);
    });

    /// <summary>Answers every request with 200 and what it was sent: its head, or its body where it has one.</summary>
    public static ScriptedApp Echo() => new(connection =>
    {
        while (connection.ReadRequest() is { } head)
            connection.Answer(connection.Body.Length > 0 ? connection.Body : System.Text.Encoding.Latin1.GetBytes(
                head));
    });

    public void Dispose()
    {
        _listener.Dispose();
        lock (_connections) _connections.ForEach(connection => connection.Dispose());
    }

    internal void Began(string head)
    {
        lock (_heads) _heads.Add(head);
        var now = Interlocked.Increment(ref _working);
        for (var most = WorkingMost; now > most; most = WorkingMost)
            Interlocked.CompareExchange(ref _workingMost, now, most);
    }

    internal void Ended() => Interlocked.Decrement(ref _working);

    private void Accept()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = _listener.Accept();
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
            {
                return;
            }

            var connection = new AppConnection(this, socket);
            lock (_connections) _connections.Add(connection);
            SideThread.Start(() => Serve(connection));
        }
    }

    private void Serve(AppConnection connection)
    {
        try
        {
            _script(connection);
        }
        catch (Exception fault) when (fault is SocketException or IOException or ObjectDisposedException)
        {
            // Weir closed the connection, or the test is over.
        }
        catch (Exception fault)
        {
            // Nobody joins this thread: the test sees a closed connection, and here is why.
            Console.Error.WriteLine($"a scripted app failed: {fault}");
        }
        finally
        {
            connection.Dispose();
        }
    }
}
