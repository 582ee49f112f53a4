using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Weir.Core.Pooling.Addresses;
using Weir.Core.Pooling.Messages;
using Weir.Wires;

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
        Socket? socket = null;
        try
        {
            (socket, var stream) = await ConnectAsync(target, limit, cut.Token).ConfigureAwait(false);
            var talk = new LoginTalk(target, stream);
            var why = await talk.RunAsync(parameters, cut.Token).ConfigureAwait(false);
            if (why is not null)
            {
                socket.Dispose();
                return (null, why);
            }

            Wire wire = stream is SslStream tls ? new SecureWire(tls, socket) : new SocketWire(socket);
            return (new ServerStart(wire, talk.Facts), null);
        }
        catch (OperationCanceledException)
        {
            socket?.Dispose();
            return (null, Unreachable(target, $"no answer within {limit.TotalSeconds:0.#} s"));
        }
        catch (Exception fault) when (fault is SocketException or IOException or AuthenticationException
            or InvalidDataException or ObjectDisposedException)
        {
            socket?.Dispose();
            return (null, Unreachable(target, fault.Message));
        }
    }

    /// <summary>A connected stream of bytes, encrypted where the target says so.</summary>
    public static async Task<(Socket Socket, Stream Stream)> ConnectAsync(
        ServerTarget target, TimeSpan limit, CancellationToken cut)
    {
        if (!target.IsResolved)
            await Task.Run(target.LookUp, cut).ConfigureAwait(false);
        var socket = Dial(target, limit);
        try
        {
            Stream stream = new PlainStream(socket);
            if (target.IsUnix || target.SslMode is PgSslMode.Disable or PgSslMode.Allow)
                return (socket, stream);
            if (target.IsTlsDirect || await AsksTlsAsync(stream, cut).ConfigureAwait(false))
                stream = await ServerTls.BeginAsync(target, new NetworkStream(socket), cut).ConfigureAwait(false);
            else if (target.SslMode != PgSslMode.Prefer)
                throw new IOException($"the server offers no TLS, and sslmode is {target.SslMode}");
            return (socket, stream);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket Dial(ServerTarget target, TimeSpan limit)
    {
        var family = target.NextAddress();
        var socket = new Socket(family.Family, SocketType.Stream,
            target.IsUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            if (!target.IsUnix)
                socket.NoDelay = true;
            var end = target.IsUnix ? new UnixDomainSocketEndPoint("/").Create(family)
                : new System.Net.IPEndPoint(0, 0).Create(family);
            Connect(socket, end, limit);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Blocks, but no longer than the limit, and so does what is sent and received after.</summary>
    private static void Connect(Socket socket, System.Net.EndPoint end, TimeSpan limit)
    {
        socket.Blocking = false;
        try
        {
            socket.Connect(end);
        }
        catch (SocketException fault) when (fault.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            if (!socket.Poll(limit, SelectMode.SelectWrite))
                throw new SocketException((int)SocketError.TimedOut);
            var error = (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
            if (error != 0)
                throw new SocketException(error);
        }

        socket.Blocking = true;
        socket.ReceiveTimeout = socket.SendTimeout = (int)Math.Clamp(limit.TotalMilliseconds, 1, int.MaxValue);
    }

    /// <summary>
    /// SSLRequest, and its answer of exactly one byte: what lies behind it is not read (CVE-2021-23222).
    /// </summary>
    private static async Task<bool> AsksTlsAsync(Stream stream, CancellationToken cut)
    {
        const int sslRequest = 80877103;
        var request = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(request, request.Length);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(4), sslRequest);
        await stream.WriteAsync(request, cut).ConfigureAwait(false);
        var answer = new byte[1];
        await stream.ReadExactlyAsync(answer, cut).ConfigureAwait(false);
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
