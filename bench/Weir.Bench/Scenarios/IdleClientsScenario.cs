using System.Net;
using System.Net.Sockets;
using System.Text;
using Weir.Bench.Doors;
using Weir.Bench.Figures;
using Weir.Bench.Load;
using Weir.EndToEnd.Support;

namespace Weir.Bench.Scenarios;

/// <summary>Ten thousand kept-alive clients, answered once and silent since: what they cost in memory.</summary>
internal static class IdleClientsScenario
{
    private const int Clients = 10_000;
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    public static int Run(BenchOptions options)
    {
        var doors = options.AgainstOr("nginx", "haproxy", "weir");
        var table = new Table("",
            "proxy", "clients", "resident before MiB", "with them MiB", "more MiB", "bytes a client", "30 " +
            "requests more");
        foreach (var doorName in doors)
        {
            using var app = AppServer.StartNginx("server { listen PORT; location / { return 200 'hello'; } }");
            using var door = FrontDoor.Start(doorName, new DoorSetup { Upstreams = [app.Port], Slots = 64 });
            var warmUp = Plans.Even(500, options.SecondsOr(quick: 2, full: 10), "/");
            OpenLoop.Run(door.EndPoint, warmUp, Drain);
            var before = door.Figures.ResidentBytes;
            var clients = new List<Socket>();
            try
            {
                while (clients.Count < Clients && Join(door.EndPoint) is { } client) clients.Add(client);
                Thread.Sleep(2000);
                var with = door.Figures.ResidentBytes;
                var still = OpenLoop.Run(door.EndPoint, Plans.Even(30, 1, "/"), Drain).Count(o => o.Good);
                table.Add(doorName, $"{clients.Count}", Mebibytes(before), Mebibytes(with), Mebibytes(with - before),
                    $"{(with - before) / Math.Max(1, clients.Count)}", $"{still} of 30 answered");
            }
            finally
            {
                foreach (var client in clients) client.Dispose();
            }
        }

        ResultFile.Write(options, "idle-clients",
            $"{Clients} clients connect in cleartext, are answered once and stay. Resident memory of the " +
            "proxy's processes " +
            "(VmRSS). Must: at most 100 MB more for weir.",
            doors.Select(FrontDoor.ProgramOf), table);
        return 0;
    }

    public static string Mebibytes(double bytes) => Table.Number(bytes / (1 << 20));

    private static Socket? Join(IPEndPoint server)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 5000 };
        try
        {
            socket.Connect(server);
            socket.Send(Encoding.Latin1.GetBytes("GET / HTTP/1.1\r\nHost: app.example\r\n\r\n"));
            if (socket.Receive(new byte[1024]) > 0) return socket;
        }
        catch (SocketException fault)
        {
            Console.Error.WriteLine("a client was not let in: " + fault.SocketErrorCode);
        }

        socket.Dispose();
        return null;
    }
}
