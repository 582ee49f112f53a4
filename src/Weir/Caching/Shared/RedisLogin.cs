using System.Buffers;
using System.ComponentModel;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Weir.Core.Caching.Shared;

namespace Weir.Caching.Shared;

/// <summary>A stream to a Redis that is logged in.</summary>
/// <param name="Reader">It may have begun with a message already.</param>
/// <param name="HearsMessages">False: the server has no RESP3 (before 6), or the user may not listen.</param>
internal sealed record RedisLogin(Stream Stream, RespReader Reader, bool HearsMessages)
{
    /// <summary>Reaches the server, with TLS where the URL says so, and logs in.</summary>
    /// <exception cref="Exception">One that <see cref="IsBreak"/> knows: it cannot be had, and why.</exception>
    public static async Task<RedisLogin> OpenAsync(RedisSettings settings, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(settings.ConnectTimeMax);
        var socket = await ConnectAsync(settings.Url, limit.Token).ConfigureAwait(false);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            if (settings.Url.IsTls)
                stream = await SecureAsync(settings.Url, stream, limit.Token).ConfigureAwait(false);
            return await GreetAsync(settings, stream, limit.Token).ConfigureAwait(false);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Every way in which sockets and TLS say that a peer is not there or not as it should be.</summary>
    public static bool IsBreak(Exception fault) =>
        fault is IOException or SocketException or OperationCanceledException or ObjectDisposedException
            or AuthenticationException or Win32Exception or InvalidOperationException or CryptographicException
            or UnauthorizedAccessException;

    private static async Task<Socket> ConnectAsync(RedisUrl url, CancellationToken cut)
    {
        var socket = url.SocketPath is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (url.SocketPath is { } path)
            {
                await socket.ConnectAsync(SocketAt(path), cut).ConfigureAwait(false);
            }
            else
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                await socket.ConnectAsync(url.Host, url.Port, cut).ConfigureAwait(false);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static UnixDomainSocketEndPoint SocketAt(string path)
    {
        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentException fault)
        {
            throw new IOException("the socket's path is too long for a socket", fault);
        }
    }

    private static async Task<Stream> SecureAsync(RedisUrl url, Stream stream, CancellationToken cut)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = url.ServerName ?? url.Host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (url.RootFile is { } roots)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(roots);
        }

        if (url is { CertificateFile: { } certificate, KeyFile: { } key })
            options.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, key)];
        var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(options, cut).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<RedisLogin> GreetAsync(RedisSettings settings, Stream stream, CancellationToken cut)
    {
        var talk = new Talk(stream, settings.Replies, cut);
        var url = settings.Url;
        var password = Encoding.UTF8.GetBytes(url.Password ?? "");
        var user = Encoding.UTF8.GetBytes(url.User.Length > 0 ? url.User : "default");
        var hello = await (url.Password is null
            ? talk.AskAsync("HELLO"u8.ToArray(), "3"u8.ToArray(), "SETNAME"u8.ToArray(), "weir"u8.ToArray())
            : talk.AskAsync(
                "HELLO"u8.ToArray(), "3"u8.ToArray(), "AUTH"u8.ToArray(), user, password, "SETNAME"u8.ToArray(),
                "weir"u8.ToArray())).ConfigureAwait(false);
        var isThird = hello.Kind == RespKind.Map;
        if (!isThird && IsOld(hello))
        {
            // Before Redis 6 there is one user, and no name for it.
            if (url.Password is not null)
                Check(url, "log-in", await (url.User.Length == 0
                    ? talk.AskAsync("AUTH"u8.ToArray(), password)
                    : talk.AskAsync("AUTH"u8.ToArray(), user, password)).ConfigureAwait(false));
        }
        else
        {
            Check(url, "log-in", hello);
        }

        if (url.Database != 0)
        {
            var number = Encoding.ASCII.GetBytes(url.Database.ToString(CultureInfo.InvariantCulture));
            Check(url, "choice of database", await talk.AskAsync("SELECT"u8.ToArray(), number).ConfigureAwait(false));
        }

        var ping = await talk.AskAsync("PING"u8.ToArray()).ConfigureAwait(false);
        // One that is loading will answer soon; what is asked before is refused.
        if (!ping.IsErrorOf("LOADING"u8) && !ping.IsErrorOf("NOPERM"u8))
            Check(url, "first word", ping);
        if (!isThird || settings.Channel.IsEmpty)
            return new RedisLogin(stream, talk.Reader, HearsMessages: settings.Channel.IsEmpty);
        var heard = await talk.AskAsync("SUBSCRIBE"u8.ToArray(), settings.Channel.ToArray()).ConfigureAwait(false);
        return new RedisLogin(stream, talk.Reader, HearsMessages: heard.Kind == RespKind.Push);
    }

    private static bool IsOld(RespValue hello) => hello.IsErrorOf("NOPROTO"u8) || hello.IsErrorOf("NOPERM"u8)
        || (hello.IsErrorOf("ERR"u8) && hello.Text.Contains("unknown command", StringComparison.OrdinalIgnoreCase));

    /// <summary>Servers repeat what they were sent where they do not know it, and it may be the password.</summary>
    private static void Check(RedisUrl url, string what, RespValue value)
    {
        if (!value.IsError)
            return;
        var words = value.Text;
        if (url.Password is { Length: > 0 } password)
        {
            // As it stands in what was read byte by byte.
            var sent = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(password));
            words = words.Replace(sent, "***", StringComparison.Ordinal);
        }

        throw new IOException($"{what}: {words}");
    }

    /// <summary>Question and answer, one at a time, while nobody else uses the stream.</summary>
    private sealed class Talk(Stream stream, RespLimits limits, CancellationToken cut)
    {
        private readonly byte[] _buffer = new byte[4 * 1024];

        public RespReader Reader { get; } = new(limits);

        public async Task<RespValue> AskAsync(params byte[][] command)
        {
            var bytes = new ArrayBufferWriter<byte>();
            RespWriter.Command(bytes, command.Length);
            foreach (var argument in command)
                RespWriter.Argument(bytes, argument);
            await stream.WriteAsync(bytes.WrittenMemory, cut).ConfigureAwait(false);
            while (true)
            {
                var received = await stream.ReadAsync(_buffer, cut).ConfigureAwait(false);
                if (received == 0)
                    throw new IOException("the server closed the connection");
                if (Take(received) is { } value)
                    return value;
            }
        }

        private RespValue? Take(int received)
        {
            ReadOnlySpan<byte> left = _buffer.AsSpan(0, received);
            var read = Reader.Read(ref left, out var value);
            // A message may follow the answer to SUBSCRIBE at once; the first reading of all finds what it tells of.
            while (read == RespRead.Whole && !left.IsEmpty)
                read = Reader.Read(ref left, out _);
            if (read == RespRead.Broken)
                throw new IOException("the server speaks no RESP");
            return value;
        }
    }
}
