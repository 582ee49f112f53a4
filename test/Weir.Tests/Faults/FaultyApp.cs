using System.Net;
using System.Net.Sockets;
using Weir.Core.Chance;

namespace Weir.Tests.Faults;

/// <summary>
/// One instance of an app that does what each request's query says, well or badly. It counts what it works on, by its
/// own sockets, so that one request too many is seen.
/// </summary>
internal sealed class FaultyApp : IDisposable
{
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly Dictionary<Socket, string> _working = [];
    private readonly HashSet<Socket> _open = [];
    private readonly ulong _seed;
    private Task _accepting = Task.CompletedTask;

    public FaultyApp(ulong seed, int slots, AppMood mood)
    {
        _seed = seed;
        Slots = slots;
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        if (mood == AppMood.Refuses)
            return;
        _listener.Listen(mood == AppMood.Deaf ? 1 : 128);
        if (mood == AppMood.Serves)
            _accepting = AcceptAsync();
    }

    public int Port { get; }
    public int Slots { get; }

    /// <summary>What Weir thinks of this instance.</summary>
    public Func<string>? View { get; set; }

    /// <summary>What was worked on at once, where that was ever more than the slots.</summary>
    public string? Overload { get; private set; }

    /// <summary>What hangs goes on; an app that is deaf goes.</summary>
    public void LetGo()
    {
        _release.TrySetResult();
        if (_accepting == Task.CompletedTask)
            _listener.Dispose();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        lock (_lock)
        {
            foreach (var socket in _open)
                socket.Dispose();
        }
    }

    public Task Released => _release.Task.WaitAsync(_stop.Token);

    public SeededRandom ChanceOf(int id) => SeededRandom.Stream(_seed, $"app {id}");

    /// <summary>The worker of this connection is busy.</summary>
    public void Begin(Socket socket, string act)
    {
        lock (_lock)
        {
            _working[socket] = act;
            if (_working.Count <= Slots)
                return;
            // Those that Weir has cut count no more (this one may be one), also where their task has not seen it yet;
            // the cut may be a moment behind the slot's return, where an I/O thread just reads from that connection.
            for (var looks = 0; looks < 20 && _working.Count > Slots; looks++)
            {
                foreach (var one in _working.Keys.Where(IsCut).ToList())
                    _working.Remove(one);
                if (_working.Count > Slots)
                    Thread.Sleep(5);
            }

            if (_working.Count > Slots)
            {
                Overload ??= $"{string.Join(", ", _working.Values)} at once at an instance of {Slots} slots, "
                    + $"last {act}: {View?.Invoke()}";
            }
        }
    }

    /// <summary>The worker is free; said before the answer's last byte.</summary>
    public void End(Socket socket)
    {
        lock (_lock)
            _working.Remove(socket);
    }

    private static bool IsCut(Socket socket)
    {
        try
        {
            return socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0
                || socket.Poll(0, SelectMode.SelectError);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                socket.NoDelay = true;
                lock (_lock)
                    _open.Add(socket);
                _ = Task.Run(() => ServeAsync(socket));
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException
                or ObjectDisposedException)
            {
                if (exception is not SocketException)
                    return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var connection = new RawConnection(socket, _stop.Token);
        try
        {
            while (await connection.ReadHeadAsync() is { } head)
            {
                if (!await new FaultyAnswer(this, connection, head).RunAsync())
                    break;
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException
            or ObjectDisposedException)
        {
            // Cut by Weir, or the seed is over: a worker takes the next.
        }
        finally
        {
            End(socket);
            lock (_lock)
                _open.Remove(socket);
        }
    }
}

/// <summary>How an instance takes connections.</summary>
internal enum AppMood
{
    Serves,
    Refuses,

    /// <summary>The kernel takes connections, until its queue is full; nobody ever answers.</summary>
    Deaf,
}
