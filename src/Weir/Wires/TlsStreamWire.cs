using System.Net.Security;
using System.Runtime.CompilerServices;

namespace Weir.Wires;

/// <summary>A wire inside TLS. What it stands on is the heir's to cancel and to cut.</summary>
internal abstract class TlsStreamWire(SslStream tls) : StreamWire
{
    public override void EndSend()
    {
        // The peer sees close_notify as the end; the socket's own end comes with the connection's.
        try
        {
            Run(new ValueTask(tls.ShutdownAsync()));
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // The peer has gone already.
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
}
