using Weir.Core.Caching;

namespace Weir.Caching;

/// <summary>
/// The URLs that answers to unsafe methods made stale of late. Purges know of what is stored and of fills; an exchange
/// that goes on by itself stands for no fill, and asks here before what it got is stored.
/// </summary>
internal sealed class RecentInvalidations(KeyHash hash)
{
    /// <summary>
    /// As many are kept (32 KiB): with 500 unsafe requests a second, of which some name two URLs, those of the last few
    /// seconds, which is what an answer takes. Who asks of more than that many is told that his was among them.
    /// </summary>
    public const int Kept = 4096;

    private readonly Lock _lock = new();
    private readonly ulong[] _urls = new ulong[Kept];
    private long _count;

    /// <summary>How many there were: who remembers it can ask what came since.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <param name="path">With its query, as it is in the key.</param>
    public void Add(ReadOnlySpan<byte> host, ReadOnlySpan<byte> path)
    {
        var url = hash.Of(host, path);
        lock (_lock)
        {
            _urls[_count % Kept] = url;
            Volatile.Write(ref _count, _count + 1);
        }
    }

    /// <summary>True if one of those since was for this URL, or so many came that it cannot be told.</summary>
    /// <param name="since">An earlier <see cref="Count"/>.</param>
    public bool Took(ReadOnlySpan<byte> host, ReadOnlySpan<byte> path, long since)
    {
        if (Count == since)
            return false;
        var url = hash.Of(host, path);
        lock (_lock)
        {
            if (_count - since > Kept)
                return true;
            var (first, end) = ((int)(since % Kept), (int)(_count % Kept));
            return first < end
                ? _urls.AsSpan(first, end - first).Contains(url)
                : _urls.AsSpan(first).Contains(url) || _urls.AsSpan(0, end).Contains(url);
        }
    }
}
