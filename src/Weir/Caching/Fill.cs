using Weir.Core.Caching;

namespace Weir.Caching;

/// <summary>An answer that is being fetched, as those with a part in it see it.</summary>
internal sealed class Fill(byte[] key, KeyParts parts)
{
    private StoredAnswer? _answer;

    public byte[] Key { get; } = key;

    public ReadOnlySpan<byte> Host => parts.Host(Key);

    public ReadOnlySpan<byte> Path => parts.Path(Key);

    /// <summary>
    /// The answer, from the moment when its head may be shared: the body may still grow. Null before.
    /// </summary>
    public StoredAnswer? Answer
    {
        get => Volatile.Read(ref _answer);
        internal set => Volatile.Write(ref _answer, value);
    }
}
