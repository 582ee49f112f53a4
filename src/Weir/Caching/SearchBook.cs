using System.Text;
using Weir.Core.Caching;

namespace Weir.Caching;

/// <summary>
/// What the newest stored answer of each page (a URL without its query) says of the page's queries. Bounded: the oldest
/// is forgotten, which costs a fetch.
/// </summary>
internal sealed class SearchBook(KeyHash hash, int countMax = 10_000)
{
    /// <summary>A route's own policy has been at work on the URLs that are purged.</summary>
    private static readonly CachePolicy AsItIs = CachePolicy.Default with { QuerySort = false };

    private readonly Lock _lock = new();
    private readonly Dictionary<byte[], LinkedListNode<(byte[] Page, SearchVariance Said)>> _pages =
        new(new KeyBytesComparer(hash));
    private readonly LinkedList<(byte[] Page, SearchVariance Said)> _order = new();
    private volatile bool _isEmpty = true;

    public int Count
    {
        get
        {
            lock (_lock)
                return _pages.Count;
        }
    }

    /// <summary>Null: nothing is known, so all of the query counts.</summary>
    public SearchVariance? Of(ReadOnlySpan<byte> page)
    {
        if (_isEmpty)
            return null;
        lock (_lock)
        {
            return _pages.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(page, out var node)
                ? node.Value.Said : null;
        }
    }

    /// <summary>True: that is not what it said before.</summary>
    /// <param name="said">Null: nothing, so that what was said before holds no more.</param>
    public bool Learn(ReadOnlySpan<byte> page, SearchVariance? said)
    {
        if (_isEmpty && said is null)
            return false;
        lock (_lock)
        {
            if (_pages.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(page, out var node))
            {
                if (said is not null && said.Text.AsSpan().SequenceEqual(node.Value.Said.Text))
                    return false;
                Remove_NeedsLock(node);
            }
            else if (said is null)
            {
                return false;
            }

            if (said is not null)
            {
                if (_pages.Count == countMax)
                    Remove_NeedsLock(_order.First!);
                var bytes = page.ToArray();
                _pages.Add(bytes, _order.AddLast((bytes, said)));
            }

            _isEmpty = _pages.Count == 0;
            return true;
        }
    }

    /// <summary>A URL as the keys of its page have it; null where they have it as it is.</summary>
    public PurgeSelector? Respell(string scheme, PurgeSelector url)
    {
        var mark = url.Text.AsSpan().IndexOf((byte)'?');
        if (_isEmpty || mark < 0)
            return null;
        byte[] page = [.. Encoding.ASCII.GetBytes(scheme), .. url.Host, .. url.Text.AsSpan(0, mark)];
        if (Of(page) is not { } search)
            return null;
        var output = new KeyOutput(new byte[url.Text.Length], 0);
        output.Put(url.Text.AsSpan(0, mark));
        var isNormal = true;
        var reason = KeyQuery.Write(url.Text.AsSpan(mark + 1), AsItIs, search, ref output, ref isNormal);
        return reason == CacheReason.None && !isNormal ? PurgeSelector.Url(url.Host, output.Bytes) : null;
    }

    private void Remove_NeedsLock(LinkedListNode<(byte[] Page, SearchVariance Said)> node)
    {
        _pages.Remove(node.Value.Page);
        _order.Remove(node);
    }
}
