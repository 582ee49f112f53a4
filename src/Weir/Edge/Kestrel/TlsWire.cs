using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Weir.Wires;

namespace Weir.Edge.Kestrel;

/// <summary>A TLS connection that speaks HTTP/1.1.</summary>
internal sealed class TlsWire(SslStream tls, ConnectionContext connection) : TlsStreamWire(tls)
{
    protected override void CancelOperations()
    {
        connection.Transport.Input.CancelPendingRead();
        connection.Transport.Output.CancelPendingFlush();
    }

    protected override void Reset() => connection.Abort();
}
