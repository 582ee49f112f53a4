using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Authentication;
using Weir.Beat;
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
    /// While other addresses are left, one that does not even answer to the connect is given up after this: thrice
    /// the time in which Linux sends its first SYN again and gets an answer over the farthest way.
    /// </summary>
    private static readonly TimeSpan DialMax = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Connects and logs in, at the first address that lets it in. No start: why not, as the servers or the network
    /// gave it.
    /// </summary>
    /// <param name="near">The I/O thread of who asked for it: both ends of a transaction stay together.</param>
    public static async Task<(ServerStart? Start, PgError? Why)> OpenAsync(
        ServerTarget target, IReadOnlyList<KeyValuePair<string, string>> parameters, TimeSpan limit, IoThread? near)
    {
        var (stream, why) = await OpenStreamAsync(target, parameters, limit).ConfigureAwait(false);
        if (stream is null)
            return (null, why);
        try
        {
            return (new ServerStart(stream.Line.ToWire(near), stream.Facts, stream.Address), null);
        }
        catch (IOException fault)
        {
            return (null, Unreachable(stream.Address.ToString(), fault.Message));
        }
    }

    /// <summary>As <see cref="OpenAsync"/>, for who talks to the server himself.</summary>
    public static async Task<(ServerStream? Stream, PgError? Why)> OpenStreamAsync(
        ServerTarget target, IReadOnlyList<KeyValuePair<string, string>> parameters, TimeSpan limit)
    {
        var end = Clock.Now + Clock.Micros(limit);
        if (target.Way.Unmet.Length > 0)
            return (null, PgError.Fatal(SqlStates.CannotConnect, target.Way.Unmet));
        if (await ResolveAsync(target, limit).ConfigureAwait(false) is { } unknown)
            return (null, unknown);
        var wanted = target.Way.Wanted;
        var (stream, why) = await TryAllAsync(target, wanted, parameters, end).ConfigureAwait(false);
        // A second round, as libpq has it: no standby is there, so any will do.
        if (stream is null && wanted == SessionAttributes.PreferStandby && Clock.Now < end)
            return await TryAllAsync(target, SessionAttributes.Any, parameters, end).ConfigureAwait(false);
        return (stream, why);
    }

    private static async Task<(ServerStream? Stream, PgError? Why)> TryAllAsync(
        ServerTarget target, SessionAttributes wanted, IReadOnlyList<KeyValuePair<string, string>> parameters, long end)
    {
        var order = target.InOrder(Clock.Now);
        PgError? all = null;
        for (var index = 0; index < order.Length; index++)
        {
            var address = order[index];
            var left = order.Length - index;
            var limit = TimeSpan.FromMicroseconds(Math.Max(1, end - Clock.Now) / left);
            var login = new OneLogin(target, address, wanted) { DialMax = left > 1 ? DialMax : limit };
            var (stream, why) = await login.RunAsync(parameters, limit).ConfigureAwait(false);
            if (stream is not null)
            {
                target.Worked(address);
                return (stream, null);
            }

            // Whom the server knows and does not let in, the next will not let in either (libpq does the same).
            if (!login.MayTryNext)
                return (null, why);
            // A standby that was tried while a better one was sought is none the worse for it.
            if (target.Way.Wanted != SessionAttributes.PreferStandby)
                target.Failed(address, Clock.Now);
            all = all is null ? why : why! with
            {
                Message = $"{all.Message}; {why.Message}",
                // Where one may yet come back, it is worth to wait.
                Code = all.Code == why.Code ? why.Code : SqlStates.ConnectionFailure,
            };
        }

        return (null, all ?? Unreachable(target.Address, "no address is known"));
    }

    /// <summary>Null: its addresses are known.</summary>
    private static async Task<PgError?> ResolveAsync(ServerTarget target, TimeSpan limit)
    {
        if (target.IsResolved)
            return null;
        try
        {
            await Task.Run(target.LookUp).WaitAsync(limit).ConfigureAwait(false);
            return null;
        }
        catch (Exception fault) when (fault is SocketException or TimeoutException or ArgumentException)
        {
            return Unreachable(target.Address, fault.Message);
        }
    }

    /// <summary>Connected, and encrypted where the mode says so. Blocks within the limit.</summary>
    /// <param name="mode">Allow: in clear.</param>
    public static async Task<ServerLine> ConnectAsync(
        ServerWay way, ServerAddress address, PgSslMode mode, TimeSpan dialMax, CancellationToken cut)
    {
        var socket = ServerSocket.Connect(address.Address, dialMax);
        try
        {
            if (address.IsUnix || mode is PgSslMode.Disable or PgSslMode.Allow)
                return new ServerLine(socket);
            if (way.IsTlsDirect || AsksTls(socket))
            {
                return await ServerLine.SecureAsync(way, address.Host, socket.ToSocket(), cut)
                    .ConfigureAwait(false);
            }

            return mode == PgSslMode.Prefer ? new ServerLine(socket)
                : throw new AuthenticationException($"the server offers no TLS, and sslmode is {Word(mode)}");
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

    /// <summary>As libpq writes it: verify-full.</summary>
    private static string Word(PgSslMode mode) => mode switch
    {
        PgSslMode.VerifyCa => "verify-ca",
        PgSslMode.VerifyFull => "verify-full",
        _ => mode.ToString().ToLowerInvariant(),
    };

    private static PgError Unreachable(string address, string why) =>
        new("FATAL", SqlStates.ConnectionFailure, $"cannot reach PostgreSQL at {address}: {why}");

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

    /// <summary>One log-in at one address.</summary>
    private sealed class OneLogin(ServerTarget target, ServerAddress address, SessionAttributes wanted)
    {
        public required TimeSpan DialMax { get; init; }

        /// <summary>It failed for a reason that another address may not have.</summary>
        public bool MayTryNext { get; private set; } = true;

        public async Task<(ServerStream? Stream, PgError? Why)> RunAsync(
            IReadOnlyList<KeyValuePair<string, string>> parameters, TimeSpan limit)
        {
            var end = Clock.Now + Clock.Micros(limit);
            var (stream, why) = await TryAsync(target.Way.SslMode, parameters, limit).ConfigureAwait(false);
            if (stream is not null || Other() is not { } other || Clock.Now >= end)
                return (stream, why);
            var (second, reason) = await TryAsync(other, parameters, TimeSpan.FromMicroseconds(end - Clock.Now))
                .ConfigureAwait(false);
            // Where the other way is not to be had, the first refusal is the one that says something.
            return second is null && reason!.Code == SqlStates.CannotConnect ? (null, why) : (second, reason);
        }

        /// <summary>
        /// The second try, as libpq has it: allow tries TLS where the server refused in clear, and prefer tries in
        /// clear where it refused, or failed at, TLS. Null: none. A password that was refused is not shown in clear
        /// for it.
        /// </summary>
        private PgSslMode? Other() => address.IsUnix ? null : target.Way.SslMode switch
        {
            PgSslMode.Allow when _wasRefused && !_wasSecure => PgSslMode.Require,
            PgSslMode.Prefer when _wasRefused && _wasSecure || _hasTlsFailed => PgSslMode.Disable,
            _ => null,
        };

        private bool _wasRefused;
        private bool _wasSecure;
        private bool _hasTlsFailed;

        private async Task<(ServerStream? Stream, PgError? Why)> TryAsync(
            PgSslMode mode, IReadOnlyList<KeyValuePair<string, string>> parameters, TimeSpan limit)
        {
            using var cut = new CancellationTokenSource(limit);
            var started = Clock.Now;
            ServerLine? line = null;
            try
            {
                line = await ConnectAsync(target.Way, address, mode, DialMax, cut.Token).ConfigureAwait(false);
                line.Limit(limit);
                _wasSecure = line.IsSecure;
                var talk = new LoginTalk(target, line.Stream);
                var why = await talk.RunAsync(parameters, cut.Token).ConfigureAwait(false);
                MayTryNext = why is null || why.Code == SqlStates.CannotConnectNow;
                _wasRefused = why?.Code == SqlStates.InvalidAuthorization;
                why ??= await AgainstRoleAsync(talk.Facts, line.Stream, cut.Token).ConfigureAwait(false);
                if (why is null)
                    return (new ServerStream(line, talk.Facts, address), null);
                line.Dispose();
                return (null, why);
            }
            catch (OperationCanceledException)
            {
                line?.Dispose();
                var seconds = (Clock.Now - started) / 1e6;
                return (null, Unreachable(address.ToString(), $"no answer within {seconds:0.#} s"));
            }
            catch (AuthenticationException fault)
            {
                line?.Dispose();
                _hasTlsFailed = true;
                return (null, Unreachable(address.ToString(), fault.Message) with { Code = SqlStates.CannotConnect });
            }
            catch (Exception fault) when (fault is SocketException or IOException or InvalidDataException
                or ObjectDisposedException)
            {
                line?.Dispose();
                return (null, Unreachable(address.ToString(), fault.Message));
            }
        }

        /// <summary>Null: the server is what is wanted.</summary>
        private async Task<PgError?> AgainstRoleAsync(ServerFacts facts, Stream stream, CancellationToken cut)
        {
            if (wanted == SessionAttributes.Any)
                return null;
            var role = SessionRole.Of(facts) ?? await ServerQuestion.AskRoleAsync(stream, cut).ConfigureAwait(false);
            return role.Against(wanted) is { } why ? Unreachable(address.ToString(), why) : null;
        }
    }
}
