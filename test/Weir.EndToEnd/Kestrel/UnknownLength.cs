using System.Net;

namespace Weir.EndToEnd.Kestrel;

/// <summary>A body whose length its client does not say.</summary>
internal sealed class UnknownLength(byte[] bytes) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        // In pieces, so that a client cannot guess it after all.
        for (var at = 0; at < bytes.Length; at += 50_000)
        {
            await stream.WriteAsync(bytes.AsMemory(at, Math.Min(50_000, bytes.Length - at)));
            await stream.FlushAsync();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
