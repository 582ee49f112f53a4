using System.Net.Sockets;

namespace Weir.Pooling;

/// <summary>A socket's stream with bytes before it that were read already.</summary>
internal sealed class PrefixStream(Socket socket, byte[] first) : NetworkStream(socket, ownsSocket: true)
{
    private int _taken;

    // A read of no bytes asks whether there are any, as TLS does first: with some left the answer is yes.
    private bool HasFirst => _taken < first.Length;

    public override int Read(Span<byte> buffer) => HasFirst ? TakeFirst(buffer) : base.Read(buffer);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        HasFirst ? ValueTask.FromResult(TakeFirst(buffer.Span)) : base.ReadAsync(buffer, cancellationToken);

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
