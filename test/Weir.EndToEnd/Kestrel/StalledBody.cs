using System.Net;

namespace Weir.EndToEnd.Kestrel;

/// <summary>A body of which a few bytes come, and then nothing until the answer does.</summary>
internal sealed class StalledBody : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        await SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync("begin"u8.ToArray(), cancellationToken);
        await stream.FlushAsync(cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(8), cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 1000;
        return true;
    }
}
