namespace Weir.Caching.Shared;

/// <summary>One argument of a command: bytes, or pieces that are sent as one without being put together.</summary>
internal readonly struct RedisArgument
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly IReadOnlyList<ReadOnlyMemory<byte>>? _pieces;

    public RedisArgument(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        Bytes = bytes.Length;
    }

    public RedisArgument(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        _pieces = pieces;
        foreach (var piece in pieces)
            Bytes = checked(Bytes + piece.Length);
    }

    public int Bytes { get; }

    public int Count => _pieces?.Count ?? 1;

    public ReadOnlyMemory<byte> this[int index] => _pieces is null ? _bytes : _pieces[index];

    public static implicit operator RedisArgument(ReadOnlyMemory<byte> bytes) => new(bytes);

    public static implicit operator RedisArgument(byte[] bytes) => new(bytes.AsMemory());
}
