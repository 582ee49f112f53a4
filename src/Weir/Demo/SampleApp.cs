using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Weir.Demo;

/// <summary>
/// A server of single-request workers as pre-fork servers have them: each waits at the shared listener for a
/// connection, and reads, works and writes with blocking calls until it is through. Nothing in it is slowed down on
/// purpose.
/// </summary>
internal static class SampleApp
{
    public const string Verb = "__sample";
    public const int Workers = 3;
    private const int StackBytes = 256 * 1024;
    private const int Backlog = 2_048;

    /// <param name="port">PORT as the demo handed it over.</param>
    public static int Run(string? port)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, int.Parse(port ?? "0", CultureInfo.InvariantCulture)));
        listener.Listen(Backlog);
        var workers = Enumerable.Range(0, Workers).Select(_ => new Thread(() => Work(listener), StackBytes)).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        return 0;
    }

    private static void Work(Socket listener)
    {
        while (true)
        {
            using var socket = listener.Accept();
            socket.NoDelay = true;
            try
            {
                new SampleWorker(socket).Serve();
            }
            catch (SocketException)
            {
                // The client went: the next one's turn.
            }
        }
    }
}
