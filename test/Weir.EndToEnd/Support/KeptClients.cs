using System.Net;

namespace Weir.EndToEnd.Support;

/// <summary>
/// Clients that ask one request after the other, each on one connection that it keeps; what is not 200, and a
/// connection that closes, is a fault.
/// </summary>
internal sealed class KeptClients : IDisposable
{
    private readonly List<string> _faults = [];
    private readonly Thread[] _threads;
    private volatile bool _isStopped;
    private int _answered;

    public KeptClients(IPEndPoint door, int count)
    {
        _threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(() => Ask(door)) { IsBackground = true })];
        foreach (var thread in _threads)
            thread.Start();
    }

    public int Answered => Volatile.Read(ref _answered);

    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_faults) return [.. _faults];
        }
    }

    public void Stop()
    {
        _isStopped = true;
        foreach (var thread in _threads)
            thread.Join(TimeSpan.FromSeconds(15));
    }

    public void Dispose() => Stop();

    private void Ask(IPEndPoint door)
    {
        try
        {
            using var client = new RawClient(door);
            while (!_isStopped)
            {
                var answer = client.Send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n").ReadAnswer();
                if (answer.Status != 200)
                    Keep(answer.Head + answer.Text);
                // A thousand requests are a connection's life, with or without a reload.
                if (answer.Field("Connection") == "close")
                    break;
                Interlocked.Increment(ref _answered);
            }
        }
        catch (Exception fault) when (fault is IOException or System.Net.Sockets.SocketException)
        {
            Keep(fault.ToString());
        }

        if (!_isStopped)
            Ask(door);
    }

    private void Keep(string fault)
    {
        lock (_faults) _faults.Add(fault);
    }
}
