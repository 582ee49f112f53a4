using System.Net;
using System.Net.Sockets;
using Weir.Tests.Support;

namespace Weir.EndToEnd.Support;

/// <summary>
/// Clients that ask one request after the other, each on one connection that it keeps; what is not 200, and a
/// connection that closes, is a fault.
/// </summary>
internal sealed class KeptClients : IDisposable
{
    private const int FaultsMax = 100;
    private readonly List<string> _faults = [];
    private readonly string _request;
    private readonly IReadOnlyList<SideThread> _threads;
    private volatile bool _isStopped;
    private int _answered;

    public KeptClients(IPEndPoint door, int count, string target = "/")
    {
        _request = $"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n";
        _threads = SideThread.Start(count, _ => Ask(door));
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
        SideThread.JoinAll(_threads);
    }

    public void Dispose() => Stop();

    private void Ask(IPEndPoint door)
    {
        while (!_isStopped)
        {
            try
            {
                using var client = new RawClient(door);
                AskOn(client);
            }
            catch (Exception fault) when (fault is IOException or SocketException)
            {
                Keep(fault.Message);
                Thread.Sleep(5);
            }
        }
    }

    private void AskOn(RawClient client)
    {
        while (!_isStopped)
        {
            var answer = client.Send(_request).ReadAnswer();
            if (answer.Status != 200)
                Keep(answer.Head + answer.Text);
            else
                Interlocked.Increment(ref _answered);
            // A thousand requests are a connection's life, whatever else happens.
            if (answer.Field("Connection") == "close")
                return;
        }
    }

    private void Keep(string fault)
    {
        lock (_faults)
        {
            if (_faults.Count < FaultsMax)
                _faults.Add(fault);
        }
    }
}
