namespace Weir.Core.Caching;

/// <summary>
/// The requests that were asked for most of late, by samples of how often their stored answers were served. It keeps so
/// many and no more, also those whose answers are not stored any more: a purge forgets no request.
/// </summary>
internal sealed class MostAsked(int countMax)
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public int Count => _entries.Count;

    /// <summary>Where its stored answer has been served so often since it was stored.</summary>
    /// <param name="hits">Begins at 0 again when the answer was let go and stored anew.</param>
    public void Note(string name, long hits)
    {
        if (_entries.TryGetValue(name, out var entry))
        {
            entry.Score += hits >= entry.Seen ? hits - entry.Seen : hits;
            entry.Seen = hits;
            return;
        }

        if (hits <= 0 || _entries.Count >= countMax && !MakeRoom(hits))
            return;
        _entries.Add(name, new Entry { Score = hits, Seen = hits });
    }

    /// <summary>What was asked for counts half from here on; who falls to nothing is forgotten.</summary>
    public void Age()
    {
        foreach (var (name, entry) in _entries)
        {
            entry.Score /= 2;
            if (entry.Score == 0)
                _entries.Remove(name);
        }
    }

    /// <summary>The most asked first; those asked as often in the order of their names.</summary>
    public IReadOnlyList<string> Take(int count) =>
    [
        .. _entries.OrderByDescending(one => one.Value.Score).ThenBy(one => one.Key, StringComparer.Ordinal)
            .Take(count).Select(one => one.Key),
    ];

    /// <summary>The one asked least goes, if it was asked less than this often.</summary>
    private bool MakeRoom(long hits)
    {
        var least = _entries.MinBy(one => one.Value.Score);
        return least.Value.Score < hits && _entries.Remove(least.Key);
    }

    private sealed class Entry
    {
        public long Score { get; set; }
        public long Seen { get; set; }
    }
}
