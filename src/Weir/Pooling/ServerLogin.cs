using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Authentication;
using Weir.Core.Pooling.Addresses;
using Weir.Core.Pooling.Messages;

namespace Weir.Pooling;

// How a server connection comes to be: connect, TLS, authenticate, take what the server tells of itself. Server
// connections live long, so this may use tasks; what comes out is a wire.

/// <summary>Opens connections to a server and logs in.</summary>
internal static class ServerLogin
{
    private const int AnswerBytesMax = 64 * 1024;

    /// <summary>
    /// Connects and logs in. No start: why not, as the server or the network gave it.
    /// </summary>
    public static async Task<(ServerStart? Start, PgError? Why)> OpenAsync(
        ServerTarget target, IReadOnlyList<KeyValuePair<string, string>> parameters, TimeSpan limit)
    {
        using var cut = new CancellationTokenSource(limit);
        ServerStream? stream = null;
        try
        {
            stream = await ConnectAsync(target, limit, cut.Token).ConfigureAwait(false);
            var talk = new LoginTalk(target, stream.Stream);
            var why = await talk.RunAsync(parameters, cut.Token).ConfigureAwait(false);
            if (why is not null)
                return (null, why);
            var start = new ServerStart(stream.ToWire(), talk.Facts);
            stream = null;
            return (start, null);
        }
        catch (OperationCanceledException)
        {
            return (null, Unreachable(target, $"no answer within {limit.TotalSeconds:0.#} s"));
        }
        catch (Exception fault) when (fault is SocketException or IOException or AuthenticationException
            or InvalidDataException or ObjectDisposedException)
        {
            return (null, Unreachable(target, fault.Message));
        }
        finally
        {
            stream?.Dispose();
        }
    }

    /// <summary>A connected stream of bytes, encrypted where the target says so. Blocks within the limit.</summary>
    public static async Task<ServerStream> ConnectAsync(ServerTarget target, TimeSpan limit, CancellationToken cut)
    {
        if (!target.IsResolved)
            target.LookUp();
        var socket = ServerSocket.Connect(target.NextAddress(), limit);
        try
        {
            if (target.IsUnix || target.SslMode is PgSslMode.Disable or PgSslMode.Allow)
                return new ServerStream(socket);
            if (target.IsTlsDirect || AsksTls(socket))
                return await ServerStream.SecureAsync(target, socket.ToSocket(), cut).ConfigureAwait(false);
            return target.SslMode == PgSslMode.Prefer ? new ServerStream(socket)
                : throw new IOException($"the server offers no TLS, and sslmode is {target.SslMode}");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// SSLRequest, and its answer of exactly one byte: what lies behind it is not read (CVE-2021-23222).
    /// </summary>
    private static bool AsksTls(ServerSocket socket)
    {
        const int sslRequest = 80877103;
        var request = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(request, request.Length);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(4), sslRequest);
        socket.Send(request);
        var answer = new byte[1];
        if (socket.Receive(answer) == 0)
            throw new IOException("the server closed the connection");
        return answer[0] switch
        {
            (byte)'S' => true,
            (byte)'N' => false,
            // An error here was not authenticated by TLS, so nobody is shown it (CVE-2024-10977).
            _ => throw new IOException("the server did not understand the request for TLS"),
        };
    }

    private static PgError Unreachable(ServerTarget target, string why) =>
        new("FATAL", SqlStates.ConnectionFailure, $"cannot reach PostgreSQL at {target.Address}: {why}");

    /// <summary>One message of the log-in, whole.</summary>
    public static async Task<(byte Kind, byte[] Body)> ReadAsync(Stream stream, CancellationToken cut)
    {
        var head = new byte[MessageHeader.Bytes];
        await stream.ReadExactlyAsync(head, cut).ConfigureAwait(false);
        if (!MessageHeader.TryRead(head, out var kind, out var bytes) || bytes is < 0 or > AnswerBytesMax)
            throw new InvalidDataException("the server sent what is no message of PostgreSQL's");
        var body = new byte[bytes];
        await stream.ReadExactlyAsync(body, cut).ConfigureAwait(false);
        return (kind, body);
    }
}
