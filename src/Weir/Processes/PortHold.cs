using System.Net.Sockets;

namespace Weir.Processes;

/// <summary>A port that is an instance's for as long as this is not disposed.</summary>
internal sealed class PortHold : IDisposable
{
    private readonly PortBook _book;
    private readonly Socket _lock;

    public PortHold(PortBook book, int port, Socket held) => (_book, Port, _lock) = (book, port, held);

    public int Port { get; }

    /// <summary>For when the instance has ended; a port that somebody still listens on is not given again.</summary>
    public void Dispose()
    {
        _book.Forget(Port);
        _lock.Dispose();
    }
}
