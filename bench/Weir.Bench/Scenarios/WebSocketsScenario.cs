using System.Net;
using System.Net.Sockets;
using System.Text;
using Weir.Bench.Doors;
using Weir.Bench.Figures;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Scenarios;

/// <summary>500 open WebSockets on Puma 1 × 5 threads: the ordinary clients' p95 with and without them.</summary>
internal static class WebSocketsScenario
{
    private const int SocketsWanted = 500;
    private const int Threads = 5;
    private const int OpenWithinMilliseconds = 8000;

    private readonly record struct Row(string Door, Ordinary Before, Ordinary Beside, int Open, int Echoed);

    public static int Run(BenchOptions options)
    {
        var doors = options.AgainstOr("direct", "nginx", "haproxy", "weir");
        var seconds = options.SecondsOr(quick: 6, full: 30);
        var rows = new List<Row>();
        for (var run = 0; run < options.RunsOr(quick: 1, full: 3); run++)
        {
            foreach (var door in doors) rows.Add(Measure(door, seconds));
        }

        var table = new Table("",
            "before Puma", "alone p50", "p95", "beside p50", "p95", "lost", "ratio", "open", "echo");
        foreach (var group in rows.GroupBy(r => r.Door))
        {
            string Ms(Func<Row, double> pick, string format = "0.0") =>
                Table.Number(Sample.MedianOf(group.Select(pick)), format);
            table.Add(
                group.Key, Ms(r => r.Before.P50), Ms(r => r.Before.P95), Ms(r => r.Beside.P50), Ms(r => r.Beside.P95),
                Ms(r => r.Beside.Failed, "0"), Ms(r => r.Beside.P95 / r.Before.P95, "0.00"),
                Ms(r => r.Open, "0"), Ms(r => r.Echoed, "0"));
        }

        ResultFile.Write(options, "websockets",
            $"{Ordinary.PerSecond} requests/s of 20 ms to Puma with one process of {Threads} threads, " +
            "alone and beside " +
            $"{SocketsWanted} open WebSockets (hijacked, so that they hold no thread). The ratio of p95 " +
            "must be at most 1.15. " +
            "Open = handshakes answered 101; echo = sockets that answered a frame at the end.",
            [.. doors.Select(FrontDoor.ProgramOf), "puma"], table);
        return 0;
    }

    private static Row Measure(string doorName, int seconds)
    {
        using var puma = AppServer.StartPuma(workers: 0, threads: Threads);
        using var door = FrontDoor.Start(doorName, new DoorSetup { Upstreams = [puma.Port], Slots = Threads });
        Ordinary.WarmUp(door.EndPoint);
        var before = Ordinary.Measure(door.EndPoint, seconds);
        var sockets = Open(door.EndPoint);
        try
        {
            var beside = Ordinary.Measure(door.EndPoint, seconds);
            return new Row(doorName, before, beside, sockets.Count, sockets.Count(Echoes));
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }

    /// <summary>Asks for all at once and keeps those that were answered 101 in time.</summary>
    private static List<Socket> Open(IPEndPoint server)
    {
        var handshake = Encoding.Latin1.GetBytes(
            "GET /ws HTTP/1.1\r\nHost: app.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        var asked = new List<Socket>();
        for (var i = 0; i < SocketsWanted; i++)
        {
            var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(server);
            socket.Send(handshake);
            asked.Add(socket);
        }

        var until = Load.Clock.Now + OpenWithinMilliseconds * 1000L;
        var open = new List<Socket>();
        foreach (var socket in asked)
        {
            socket.ReceiveTimeout = (int)Math.Max(1, (until - Load.Clock.Now) / 1000);
            if (Receive(socket).StartsWith("HTTP/1.1 101", StringComparison.Ordinal)) open.Add(socket);
            else socket.Dispose();
        }

        return open;
    }

    private static bool Echoes(Socket socket)
    {
        // One masked text frame "hi" with the mask 1, 2, 3, 4.
        socket.Send([0x81, 0x82, 1, 2, 3, 4, (byte)'h' ^ 1, (byte)'i' ^ 2]);
        socket.ReceiveTimeout = 1000;
        return Receive(socket).EndsWith("hi", StringComparison.Ordinal);
    }

    private static string Receive(Socket socket)
    {
        var buffer = new byte[1024];
        var got = socket.Receive(buffer, 0, buffer.Length, SocketFlags.None, out var error);
        return error == SocketError.Success ? Encoding.Latin1.GetString(buffer, 0, got) : "";
    }
}
