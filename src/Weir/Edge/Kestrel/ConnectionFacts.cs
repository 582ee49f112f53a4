using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Weir.Beat;
using Weir.Core.Http.Forwarding;
using Weir.Ledger;

namespace Weir.Edge.Kestrel;

/// <summary>What all streams of one connection have in common; lies among the connection's features.</summary>
internal sealed class ConnectionFacts
{
    /// <summary>
    /// Streams that a client may reset within the time below: twice what it may have open. More is an attack (rapid
    /// reset, CVE-2023-44487): each costs an exchange, and a queue place for a moment.
    /// </summary>
    private const int ResetsMax = 200;
    private static readonly long ResetsWithin = Clock.Micros(TimeSpan.FromSeconds(10));

    private readonly Lock _lock = new();
    private readonly ConnectionContext _connection;
    private long _resetsSince;
    private int _resets;
    private int _requests;

    public ConnectionFacts(ConnectionContext connection, TlsVersion tls, TrustPolicy trust)
    {
        _connection = connection;
        Tls = tls;
        Span<byte> bytes = stackalloc byte[16];
        var count = 0;
        if (connection.RemoteEndPoint is IPEndPoint remote)
            remote.Address.TryWriteBytes(bytes, out count);
        var port = connection.LocalEndPoint is IPEndPoint local ? local.Port : 0;
        Peer = new Peer(bytes[..count], port, tls != TlsVersion.None, trust);
    }

    public Peer Peer { get; }
    public TlsVersion Tls { get; }

    /// <summary>A request came: the connection is told to go once it has had its share.</summary>
    /// <param name="requestsMax">0 = no bound.</param>
    public void Count(int requestsMax)
    {
        if (Interlocked.Increment(ref _requests) == requestsMax)
            AskToGo();
    }

    /// <summary>The client reset a stream: too many of them end the connection.</summary>
    public void CountReset(long now)
    {
        lock (_lock)
        {
            if (now - _resetsSince > ResetsWithin)
            {
                _resetsSince = now;
                _resets = 0;
            }

            if (++_resets != ResetsMax)
                return;
        }

        AskToGo();
    }

    /// <summary>No more streams; those that run finish (GOAWAY).</summary>
    public void AskToGo() => _connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
}
