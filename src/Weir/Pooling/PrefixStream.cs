using System.Net.Sockets;

namespace Weir.Pooling;

/// <summary>A socket's stream with bytes before it that were read already.</summary>
internal sealed class PrefixStream(Socket socket, byte[] first) : NetworkStream(socket, ownsSocket: true)
{
    private int _taken;

    public override int Read(Span<byte> buffer) => TakeFirst(buffer) is var count and > 0 ? count : base.Read(buffer);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        TakeFirst(buffer.Span) is var count and > 0 ? ValueTask.FromResult(count)
            : base.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    private int TakeFirst(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, first.Length - _taken);
        first.AsSpan(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }
}
