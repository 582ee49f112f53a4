using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Weir.Ledger;

namespace Weir.Edge.Kestrel;

/// <summary>Ends TLS; sends a connection on by what was agreed: HTTP/2 to Kestrel, all else to our HTTP/1.1.</summary>
internal sealed class TlsConnections(Rooms rooms, OpenExchanges open, Certificates certificates)
{
    /// <summary>Time for a handshake. 10 s: Kestrel's own default.</summary>
    private static readonly TimeSpan HandshakeMax = TimeSpan.FromSeconds(10);

    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate http2)
    {
        var tls = new SslStream(new DuplexStream(connection.Transport), leaveInnerStreamOpen: true);
        await using (tls.ConfigureAwait(false))
        {
            if (!await ShakeHandsAsync(tls).ConfigureAwait(false))
                return;
            var version = tls.SslProtocol == SslProtocols.Tls13 ? TlsVersion.Tls13 : TlsVersion.Tls12;
            var facts = new ConnectionFacts(connection, version, rooms.Trust);
            if (tls.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2)
                await ServeHttp2Async(connection, tls, facts, http2).ConfigureAwait(false);
            else
                await ServeHttp1Async(connection, tls, facts).ConfigureAwait(false);
        }
    }

    private async Task<bool> ShakeHandsAsync(SslStream tls)
    {
        try
        {
            using var limit = new CancellationTokenSource(HandshakeMax);
            await tls.AuthenticateAsServerAsync(
                static (_, hello, state, _) => ValueTask.FromResult(((Certificates)state!).For(hello.ServerName)),
                certificates, limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException
            or OperationCanceledException or InvalidOperationException)
        {
            // A client that does not trust us, speaks no TLS or has gone: nothing to answer it with.
            return false;
        }
    }

    private async Task ServeHttp1Async(ConnectionContext connection, SslStream tls, ConnectionFacts facts)
    {
        var wire = new TlsWire(tls, connection);
        var client = new Http1Client(wire, facts.Peer, rooms.Limits) { Tls = facts.Tls };
        open.Begin(client, client.Input);
        await wire.Ended.ConfigureAwait(false);
    }

    private static async Task ServeHttp2Async(
        ConnectionContext connection, SslStream tls, ConnectionFacts facts, ConnectionDelegate http2)
    {
        var transport = connection.Transport;
        var agreed = new TlsFacts(tls);
        connection.Features.Set<ITlsConnectionFeature>(agreed);
        connection.Features.Set<ITlsApplicationProtocolFeature>(agreed);
        connection.Features.Set(facts);
        connection.Transport = new StreamPipes(tls);
        try
        {
            await http2(connection).ConfigureAwait(false);
        }
        finally
        {
            connection.Transport = transport;
        }
    }
}
