using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Weir.Ledger;

namespace Weir.Edge.Kestrel;

// What Kestrel carries of the front door: TLS addresses, and HTTP/2 wherever it is spoken. HTTP/1.1 is never Kestrel's:
// over TLS it is ours behind the handshake, in cleartext it never comes here. Continuations run on the thread pool,
// since TLS and HPACK cost more than an I/O thread should give to one client. Nothing is started before it is needed.

/// <summary>TLS and HTTP/2, into the same exchanges as everything else.</summary>
/// <param name="say">Tells what became of a certificate: which message, of which file, why.</param>
internal sealed class KestrelDoor(
    Rooms rooms, OpenExchanges open, int connectionsMax, Action<HouseMessage, string, string> say) : IDisposable
{
    /// <summary>Connections the kernel may hold for us, as in <see cref="Listener"/>.</summary>
    private const int AcceptBacklog = 4096;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<string> _urls = [];
    private KestrelServer? _tls;
    private KestrelServer? _cleartext;
    private HandedOver? _handedOver;
    private Timer? _certificateTimer;
    private Certificates? _certificates;
    private bool _isStopped;

    /// <summary>For people: where to point a browser.</summary>
    public IReadOnlyList<string> Urls => _urls;

    /// <summary>Binds every TLS address and serves.</summary>
    /// <exception cref="FormatException">An address or a certificate is none.</exception>
    /// <exception cref="SocketException">An address cannot be bound.</exception>
    public void StartTls()
    {
        var edge = rooms.Options.Edge;
        var certificates = _certificates = new Certificates(edge.Certificates, edge.Http2, say);
        var connections = new TlsConnections(rooms, open, certificates);
        var options = NewOptions();
        var listens = new List<ListenOptions>();
        foreach (var address in edge.ListenTls)
        {
            void Configure(ListenOptions listen)
            {
                // Protocols with HTTP/1.1 in it would let Kestrel speak that itself.
                listen.Protocols = HttpProtocols.Http2;
                listen.Use(next => connection => connections.ServeAsync(
                    connection, http2 => ServeAsync(http2, next)));
                listens.Add(listen);
            }

            if (address.StartsWith("unix:", StringComparison.Ordinal))
                options.ListenUnixSocket(address["unix:".Length..], Configure);
            else
                options.Listen(ListenAddress.Parse(address), Configure);
        }

        var sockets = new SocketTransportOptions { Backlog = AcceptBacklog };
        _tls = Start(options, new SocketTransportFactory(Options.Create(sockets), NullLoggerFactory.Instance));
        foreach (var listen in listens)
            _urls.Add(listen.IPEndPoint is not { } end ? $"unix:{listen.SocketPath}"
                : end.Address.Equals(IPAddress.IPv6Any) ? $"https://0.0.0.0:{end.Port}" : $"https://{end}");
        _certificateTimer = new Timer(_ => certificates.Refresh(), null, LookEvery, LookEvery);
    }

    /// <summary>As <see cref="Certificates.Plan"/>; null where no TLS is spoken.</summary>
    public Action? PlanCertificates(IReadOnlyList<CertificateOptions> options) =>
        options.Count == 0 ? null : _certificates?.Plan(options);

    /// <summary>Takes over a cleartext connection that speaks HTTP/2; returns at once, on whatever thread.</summary>
    /// <param name="first">What was read of it already, from its first byte.</param>
    public void HandOver(Socket socket, byte[] first) => ThreadPool.UnsafeQueueUserWorkItem(
        static over => over.Door.Take(over.Socket, over.First), (Door: this, Socket: socket, First: first), false);

    /// <summary>
    /// No more connections; streams finish, then their connections go. What the token's end finds is cut.
    /// </summary>
    public async Task StopAsync(CancellationToken cut)
    {
        lock (_lock)
            _isStopped = true;
        await Task.WhenAll(_tls?.StopAsync(cut) ?? Task.CompletedTask, _cleartext?.StopAsync(cut) ?? Task.CompletedTask)
            .ConfigureAwait(false);
    }

    public void Dispose()
    {
        _certificateTimer?.Dispose();
        _tls?.Dispose();
        _cleartext?.Dispose();
    }

    private void Take(Socket socket, byte[] first)
    {
        try
        {
            lock (_lock)
            {
                if (_isStopped)
                {
                    socket.Dispose();
                    return;
                }

                if (_handedOver is null)
                    StartCleartext();
            }

            _handedOver!.Add(socket, first);
        }
        catch (Exception exception)
        {
            rooms.Counters.Fault();
            rooms.WhenFault?.Invoke(exception);
            socket.Dispose();
        }
    }

    private void StartCleartext()
    {
        var handedOver = new HandedOver();
        var options = NewOptions();
        // The address is never bound: the listener gives what it is given.
        options.Listen(new IPEndPoint(IPAddress.Loopback, 0), listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => connection =>
            {
                connection.Features.Set(new ConnectionFacts(connection, TlsVersion.None, rooms.Trust));
                return ServeAsync(connection, next);
            });
        });
        _cleartext = Start(options, handedOver);
        _handedOver = handedOver;
    }

    /// <summary>One connection of HTTP/2, from its first byte to its last.</summary>
    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        rooms.Counters.ConnectionOpened();
        try
        {
            var facts = connection.Features.Get<ConnectionFacts>();
            var age = new Timer(
                static facts => ((ConnectionFacts)facts!).AskToGo(), facts, rooms.Options.Edge.ConnectionAgeMax,
                Timeout.InfiniteTimeSpan);
            await using (age.ConfigureAwait(false))
                await next(connection).ConfigureAwait(false);
        }
        finally
        {
            rooms.Counters.ConnectionClosed();
        }
    }

    private KestrelServer Start(KestrelServerOptions options, IConnectionListenerFactory transport)
    {
        var server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        try
        {
            // Nothing of it waits for anything but the kernel's bind.
            server.StartAsync(new Http2Requests(rooms, open), CancellationToken.None).GetAwaiter().GetResult();
            return server;
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            server.Dispose();
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        }
    }

    private KestrelServerOptions NewOptions()
    {
        var edge = rooms.Options.Edge;
        var options = new KestrelServerOptions
        {
            AddServerHeader = false,
            AllowSynchronousIO = false,
            // A TLS terminator in front of a cleartext door says https, and means it.
            AllowAlternateSchemes = true,
            RequestHeaderEncodingSelector = static _ => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static _ => Encoding.Latin1,
        };
        var limits = options.Limits;
        limits.MaxConcurrentConnections = connectionsMax;
        limits.MaxConcurrentUpgradedConnections = null;
        // Bodies, rates and heads are bounded by the same rooms as in HTTP/1.1; what Kestrel bounds as well is wider
        // than the gate, which says why.
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.MaxRequestHeaderCount = 10 * rooms.Limits.FieldsMax;
        limits.MaxRequestLineSize = 2 * rooms.Limits.HeadBytesMax;
        limits.MaxRequestHeadersTotalSize = rooms.Limits.HeadBytesMax;
        limits.KeepAliveTimeout = edge.KeepAlive;
        limits.RequestHeadersTimeout = edge.HeadTimeout;
        limits.Http2.MaxStreamsPerConnection = 100;
        limits.Http2.MaxRequestHeaderFieldSize = rooms.Limits.HeadBytesMax;
        // What a client may send before anybody reads it. Less than Kestrel's, since a body that waits there is in no
        // budget of ours.
        limits.Http2.InitialConnectionWindowSize = 512 * 1024;
        limits.Http2.InitialStreamWindowSize = 256 * 1024;
        // So that a client which vanished without a word gives its queue places up.
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        return options;
    }
}
