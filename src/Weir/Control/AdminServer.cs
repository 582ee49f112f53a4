using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Weir.Ledger;
using Weir.Processes;

namespace Weir.Control;

/// <summary>
/// The admin API's door: a Kestrel of its own, without host, container or routing, so that it starts in milliseconds,
/// off
/// the critical path. Its continuations run on the thread pool, never on an I/O thread of the front door, and its
/// requests
/// are in no metric.
/// </summary>
/// <param name="ledger">Null: this Weir serves no requests.</param>
internal sealed class AdminServer(AdminOptions options, ControlActs acts, ExchangeLedger? ledger) : IAsyncDisposable
{
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private KestrelServer? _server;
    private string? _discovery;
    private int _isDisposed;

    /// <summary>Where sockets and discovery files go; tests choose their own.</summary>
    public string Directory { get; init; } = RuntimeDirectory.Path();

    /// <summary>A pooler alone: the verbs look for a front door first.</summary>
    public bool IsPool { get; init; }

    /// <summary>Tells a person why the socket beside the TCP listener could not be made.</summary>
    public string? SocketFault { get; private set; }

    /// <summary>Where it listens over TCP, with the port that was free; null where it does not.</summary>
    public IPEndPoint? Tcp { get; private set; }

    /// <summary>Its unix socket; null where it has none.</summary>
    public string? Unix { get; private set; }

    /// <summary>Starts to listen; does nothing where the admin API is off.</summary>
    /// <exception cref="IOException">It cannot listen where it was told to.</exception>
    /// <exception cref="FormatException">The setting <c>admin</c> is none of the forms that it may have.</exception>
    public async Task StartAsync(CancellationToken cancel = default)
    {
        var address = AdminAddress.Parse(options.Listen)
            ?? throw new FormatException($"admin: '{options.Listen}' is neither host:port, unix:/path nor off");
        if (address.IsOff)
            return;
        var unix = address.Unix ?? MakeSocketPath();
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Limits.MaxConcurrentConnections = 100;
        kestrel.Limits.MaxRequestBodySize = 64 * 1024;
        if (unix is not null)
            kestrel.ListenUnixSocket(unix, listen => listen.Protocols = HttpProtocols.Http1);
        if (address.Tcp is not null)
            kestrel.Listen(address.Tcp, listen => listen.Protocols = HttpProtocols.Http1);
        var sockets = new SocketTransportOptions { CreateBoundListenSocket = Bind, IOQueueCount = 1 };
        var transport = new SocketTransportFactory(Options.Create(sockets), NullLoggerFactory.Instance);
        _server = new(Options.Create(kestrel), transport, NullLoggerFactory.Instance);
        var guard = new AdminGuard(options.Token, address.Tcp?.Address);
        var application = new Application(guard, new(acts, ledger, _stopping.Token));
        await _server.StartAsync(application, cancel).ConfigureAwait(false);
        Unix = unix;
        WriteDiscovery();
    }

    /// <summary>Ends its streams and takes its files away; waits for a second at most.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (_discovery is not null)
            File.Delete(_discovery);
        if (_server is not null)
        {
            using var limit = new CancellationTokenSource(StopMax);
            await _server.StopAsync(limit.Token).ConfigureAwait(false);
            _server.Dispose();
        }
        if (Unix is not null)
            File.Delete(Unix);
        _stopping.Dispose();
    }

    private System.Net.Sockets.Socket Bind(EndPoint endPoint)
    {
        var socket = AdminSockets.Bind(endPoint);
        if (endPoint is IPEndPoint)
            Tcp = (IPEndPoint)socket.LocalEndPoint!;
        return socket;
    }

    private string? MakeSocketPath()
    {
        try
        {
            RuntimeDirectory.Make(Directory);
            return Path.Combine(Directory, $"weir-{Environment.ProcessId}.sock");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            SocketFault = fault.Message;
            return null;
        }
    }

    private void WriteDiscovery()
    {
        var found = new RunningWeir
        {
            Pid = Environment.ProcessId,
            Started = DateTimeOffset.UtcNow,
            Socket = Unix ?? "",
            Admin = Tcp?.ToString() ?? "",
            IsPool = IsPool,
        };
        try
        {
            RuntimeDirectory.Make(Directory);
            _discovery = Path.Combine(Directory, $"weir-{Environment.ProcessId}.json");
            File.WriteAllBytes(_discovery, JsonSerializer.SerializeToUtf8Bytes(found, ControlJson.Default.RunningWeir));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            SocketFault = fault.Message;
        }
    }

    private sealed class Application(AdminGuard guard, AdminPages pages) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) =>
            guard.Refuse(CallerOf(context)) is { } refusal
                ? AdminPages.ReplyAsync(context, StatusCodes.Status403Forbidden, new(false, refusal))
                : pages.AnswerAsync(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }

        private static AdminCaller CallerOf(HttpContext context) => new()
        {
            IsUnixSocket = context.Connection.LocalIpAddress is null,
            IsAct = !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method),
            Host = context.Request.Host.Host,
            HostAndPort = context.Request.Host.Value ?? "",
            Origin = context.Request.Headers.Origin.Count > 0 ? context.Request.Headers.Origin.ToString() : null,
            Authorization = context.Request.Headers.Authorization,
        };
    }
}
