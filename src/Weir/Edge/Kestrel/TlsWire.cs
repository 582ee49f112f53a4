using System.Net.Security;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Weir.Wires;

namespace Weir.Edge.Kestrel;

/// <summary>A TLS connection that speaks HTTP/1.1.</summary>
internal sealed class TlsWire(SslStream tls, ConnectionContext connection) : StreamWire
{
    public override void EndSend()
    {
        // The client sees close_notify as the end; the socket's own end comes with the connection's.
        try
        {
            Run(new ValueTask(tls.ShutdownAsync()));
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // The client has gone already.
        }
    }

    /// <summary>Asks for nothing first, so that a connection that idles holds no buffer of TLS's.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<int> ReadAsync(Memory<byte> into)
    {
        await tls.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false);
        return await tls.ReadAsync(into).ConfigureAwait(false);
    }

    protected override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => tls.WriteAsync(bytes);

    protected override void CancelOperations()
    {
        connection.Transport.Input.CancelPendingRead();
        connection.Transport.Output.CancelPendingFlush();
    }

    protected override void Reset() => connection.Abort();
}
