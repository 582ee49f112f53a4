using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weir.Bench.Load;

/// <summary>One GET on a connection of its own, read to its last byte.</summary>
internal static class HttpExchange
{
    /// <summary>Status 0 = the connection failed or ended before a whole answer.</summary>
    public static async Task<(int Status, long Service)> GetAsync(
        IPEndPoint server, PlannedRequest planned, CancellationToken stop)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, stop);
            var request =
                $"GET {planned.Path} HTTP/1.1\r\nHost: app.example\r\n{planned.Fields}Connection: close\r\n\r\n";
            await socket.SendAsync(Encoding.Latin1.GetBytes(request), stop);
            return await ReadAsync(socket, stop);
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException or FormatException)
        {
            return (0, 0);
        }
    }

    private static async Task<(int Status, long Service)> ReadAsync(Socket socket, CancellationToken stop)
    {
        var buffer = new byte[16 * 1024];
        int end = 0, bodyStart = -1;
        while (bodyStart < 0)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(end), stop);
            if (read == 0) return (0, 0);
            end += read;
            var at = buffer.AsSpan(0, end).IndexOf("\r\n\r\n"u8);
            if (at >= 0) bodyStart = at + 4;
        }

        var head = Encoding.Latin1.GetString(buffer, 0, bodyStart);
        var status = int.Parse(head.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
        var service = Number(Field(head, "X-Service-Us"), otherwise: 0);
        var length = Number(Field(head, "Content-Length"), otherwise: long.MaxValue);
        for (long body = end - bodyStart; body < length;)
        {
            var read = await socket.ReceiveAsync(buffer, stop);
            if (read == 0) return length == long.MaxValue ? (status, service) : (0, service);
            body += read;
        }

        return (status, service);
    }

    private static long Number(string text, long otherwise) =>
        text.Length > 0 ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static string Field(string head, string name)
    {
        var at = head.IndexOf("\r\n" + name + ":", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return "";
        var from = at + name.Length + 3;
        return head[from..head.IndexOf("\r\n", from, StringComparison.Ordinal)].Trim();
    }
}
