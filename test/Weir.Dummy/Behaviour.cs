using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Weir.Dummy;

/// <summary>
/// How a request is answered: by its path where that names a behaviour, else by the mode. Each returns whether the
/// connection may carry another request.
/// </summary>
internal static class Behaviour
{
    private static readonly byte[] Small = Encoding.Latin1.GetBytes(new string('x', 97) + "\n");
    private static readonly byte[] Piece = Encoding.Latin1.GetBytes(new string('y', 64 * 1024));

    public static bool Answer(DummyConnection connection, DummyRequest request)
    {
        var name = request.Path.TrimStart('/');
        return name switch
        {
            "hang" or "reset" or "half" or "garbage" or "slow" or "early" or "close" or "sse" or "ws" or "echo"
                or "exp" or "big" or "headers" or "upload" or "chunked" or "flood" => Run(name, connection, request),
            _ => Run(connection.Options.Mode, connection, request),
        };
    }

    private static bool Run(string name, DummyConnection connection, DummyRequest request) => name switch
    {
        "hang" => Hang(),
        "reset" => Reset(connection, request),
        "half" => Half(connection, request),
        "garbage" => Garbage(connection, request),
        "slow" => Slow(connection, request),
        "early" => Early(connection, request),
        "close" => Close(connection, request),
        "sse" => EventStream(connection, request),
        "ws" or "ws-echo" => WebSocketEcho.Run(connection, request),
        "echo" => Echo(connection, request),
        "exp" => Serve(connection, request, request.Number("us", 100_000)),
        "big" => Big(connection, request, request.Number("bytes", 8 << 20)),
        "flood" => Big(connection, request, long.MaxValue),
        "headers" => Headers(connection, request),
        "upload" => Upload(connection, request),
        "chunked" => Chunked(connection, request),
        _ => Serve(connection, request, request.Number("us", 0)),
    };

    private static bool Hang()
    {
        Thread.Sleep(Timeout.Infinite);
        return false;
    }

    private static bool Reset(DummyConnection connection, DummyRequest request)
    {
        connection.ReadBody(request);
        connection.Reset();
        return false;
    }

    private static bool Half(DummyConnection connection, DummyRequest request)
    {
        connection.ReadBody(request);
        connection.Write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 98\r\n\r\n");
        connection.Write(Small.AsSpan(0, 49));
        return false;
    }

    private static bool Garbage(DummyConnection connection, DummyRequest request)
    {
        connection.ReadBody(request);
        connection.Write("\0\u0001this is no answer\r\nat all\r\n\r\n");
        return false;
    }

    private static bool Slow(DummyConnection connection, DummyRequest request) =>
        Serve(connection, request, 1000 * request.Number("ms", connection.Options.SlowMilliseconds));

    /// <summary>Answers before the body is read, and reads none of it.</summary>
    private static bool Early(DummyConnection connection, DummyRequest request)
    {
        connection.Write($"HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: {Small.Length}\r\n\r\n");
        connection.Write(Small);
        return false;
    }

    private static bool Close(DummyConnection connection, DummyRequest request)
    {
        connection.ReadBody(request);
        return false;
    }

    private static bool EventStream(DummyConnection connection, DummyRequest request)
    {
        connection.ReadBody(request);
        connection.Write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
        var count = request.Number("count", 3);
        for (var i = 0L; i < count; i++)
        {
            connection.Write($"data: {i}\n\n");
            PreciseSleep.Microseconds(1000 * request.Number("ms", 200));
        }

        return false;
    }

    private static bool Echo(DummyConnection connection, DummyRequest request)
    {
        using var body = new MemoryStream();
        connection.ReadBody(request, body.Write);
        connection.Send(request, body.GetBuffer().AsSpan(0, (int)body.Length));
        return true;
    }

    private static bool Serve(DummyConnection connection, DummyRequest request, long microseconds)
    {
        connection.ReadBody(request);
        var took = PreciseSleep.Microseconds(microseconds);
        connection.Send(request, Small, $"X-Service-Us: {took}\r\n");
        return true;
    }

    private static bool Big(DummyConnection connection, DummyRequest request, long left)
    {
        connection.ReadBody(request);
        var keep = left != long.MaxValue;
        connection.Write("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n" +
            (keep ? $"Content-Length: {left}\r\n\r\n" : "Connection: close\r\n\r\n"));
        for (; left > 0; left -= Piece.Length) connection.Write(Piece.AsSpan(0, (int)Math.Min(left, Piece.Length)));
        return keep;
    }

    private static bool Headers(DummyConnection connection, DummyRequest request)
    {
        connection.ReadBody(request);
        connection.Send(request, Encoding.Latin1.GetBytes(request.Head));
        return true;
    }

    private static bool Upload(DummyConnection connection, DummyRequest request)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        connection.ReadBody(request, digest.AppendData);
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{connection.BodyBytes} {Convert.ToHexStringLower(digest.GetHashAndReset())}\n");
        connection.Send(request, Encoding.Latin1.GetBytes(text));
        return true;
    }

    private static bool Chunked(DummyConnection connection, DummyRequest request)
    {
        connection.ReadBody(request);
        connection.Write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (var i = 0; i < 5; i++) connection.Write($"7\r\npart {i}\n\r\n");
        connection.Write("0\r\n\r\n");
        return true;
    }
}
