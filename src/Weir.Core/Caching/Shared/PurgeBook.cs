namespace Weir.Core.Caching.Shared;

// What one node knows of the purges of all.
//
// The shared store holds a state (era, epoch, last purge) and a log of the newest purges, changed together. A message
// on the channel says only "look": what counts is read from the log, so a lost, doubled or late message does no harm,
// and a node that was away reads what it missed.
//
// Invariants
//   1. _log is purges Epoch − _log.Count + 1 … Epoch of the era, without a gap.
//   2. An answer stamped with an epoch below the log's first is treated as purged: what happened to it is not known.
//   3. Whatever purge this node cannot know of is covered by a notice for everything: first contact, another era, a
//      gap, an entry that cannot be read, a store that was set back (its entry for our epoch is not ours).
//   4. A pending purge of our own (not in the store yet) touches every answer read from the store.

/// <summary>Numbers and entries in, notices and verdicts out; the caller holds its lock.</summary>
/// <param name="node">This node's number, drawn at its start; not 0.</param>
/// <param name="logMax">Entries kept; the store keeps as many.</param>
internal sealed class PurgeBook(long node, int logMax)
{
    private readonly List<PurgeEntry> _log = [];
    private readonly List<PurgeEntry> _pending = [];

    public long Era { get; private set; }

    /// <summary>Purges of the era that were read.</summary>
    public long Epoch { get; private set; }

    /// <summary>Purges made here since the start.</summary>
    public long OwnPurges { get; private set; }

    /// <summary>Made here and not in the store yet, oldest first.</summary>
    public IReadOnlyList<PurgeEntry> Pending => _pending;

    public PurgeStamp Stamp => new(Era, Epoch, OwnPurges);

    /// <summary>
    /// A purge made here. Past <paramref name="pendingMax"/> that could not be told, one for everything takes their
    /// place.
    /// </summary>
    public void Add(ReadOnlyMemory<byte> selector, PurgeDepth depth, int pendingMax)
    {
        OwnPurges++;
        if (_pending.Count >= pendingMax)
        {
            depth = _pending.Exists(entry => entry.Depth == PurgeDepth.Hard) ? PurgeDepth.Hard : depth;
            selector = default;
            _pending.Clear();
        }

        _pending.Add(new PurgeEntry(node, OwnPurges, depth, selector));
    }

    /// <summary>The store took it; it comes back in the log, and is known then.</summary>
    public void Told(PurgeEntry entry) => _pending.RemoveAll(pending => pending.IsSameAs(entry));

    public PurgeStanding Compare(PurgePage page)
    {
        if (page.Era == 0)
            return PurgeStanding.Astray;
        if (page.Era != Era)
            return PurgeStanding.OtherEra;
        if (page.Epoch > Epoch)
            return PurgeStanding.Behind;
        return page.Epoch == Epoch && (Epoch == 0 || IsOurs(Epoch, page.Last))
            ? PurgeStanding.Same : PurgeStanding.Astray;
    }

    /// <summary>
    /// Takes in a page with its log. What is to be carried out here is added to <paramref name="notices"/>; the caller
    /// carries it out before it takes a lock again.
    /// </summary>
    /// <returns>
    /// Same: all is known. Behind: the page asked for too little of the log; nothing was taken. Astray: see there.
    /// </returns>
    public PurgeStanding Take(PurgePage page, List<PurgeNotice> notices)
    {
        var newest = page.Newest ?? [];
        switch (Compare(page))
        {
            case PurgeStanding.Same:
                return PurgeStanding.Same;
            case PurgeStanding.Astray:
                return PurgeStanding.Astray;
            case PurgeStanding.OtherEra:
                Era = page.Era;
                return BeginAnew(page.Epoch, newest, PurgeCause.NewEra, notices);
        }

        var missing = page.Epoch - Epoch;
        if (newest.Count > missing && Epoch > 0 && !IsOurs(Epoch, newest[(int)missing]))
            return PurgeStanding.Astray;
        if (newest.Count < missing)
        {
            return newest.Count < page.Asked || page.Asked >= logMax
                ? BeginAnew(page.Epoch, newest, PurgeCause.Missed, notices)
                : PurgeStanding.Behind;
        }

        for (var index = (int)missing - 1; index >= 0; index--)
            Read(PurgeEntry.Read(newest[index]), notices);
        Trim();
        return PurgeStanding.Same;
    }

    /// <summary>
    /// Every purge that an answer with this stamp has not seen, so that the caller can judge after it has left its
    /// lock; null where they are not known.
    /// </summary>
    public IReadOnlyList<PurgeEntry>? Since(PurgeStamp stamp)
    {
        if (Era == 0 || stamp.Era != Era || stamp.Epoch > Epoch || stamp.Epoch < Epoch - _log.Count)
            return null;
        return stamp.Epoch == Epoch && _pending.Count == 0 ? []
            : [.. _log.Skip((int)(_log.Count - (Epoch - stamp.Epoch))), .. _pending];
    }

    /// <summary>What those purges did to an answer; what is not known made it stale.</summary>
    /// <param name="matches">Whether a selector means the answer.</param>
    public static PurgeVerdict Judge(IReadOnlyList<PurgeEntry>? since, Func<ReadOnlyMemory<byte>, bool> matches)
    {
        if (since is null)
            return PurgeVerdict.Soft;
        var verdict = PurgeVerdict.Untouched;
        foreach (var entry in since)
        {
            if (!entry.IsEverything && !matches(entry.Selector))
                continue;
            if (entry.Depth == PurgeDepth.Hard)
                return PurgeVerdict.Hard;
            verdict = PurgeVerdict.Soft;
        }

        return verdict;
    }

    /// <summary>
    /// The stamp that a fill of this node may store: purges made here before it began are older than it, though the
    /// store counted them later. So what is fetched right after a purge is not taken for purged.
    /// </summary>
    public PurgeStamp Settle(PurgeStamp stamp)
    {
        if (stamp.Era != Era || stamp.Epoch < Epoch - _log.Count)
            return stamp;
        var epoch = stamp.Epoch;
        while (epoch < Epoch)
        {
            var next = _log[(int)(_log.Count - (Epoch - epoch))];
            if (next.Node != node || next.Number > stamp.OwnPurges)
                break;
            epoch++;
        }

        return stamp with { Epoch = epoch };
    }

    private bool IsOurs(long epoch, ReadOnlyMemory<byte> entry)
    {
        var index = (int)(_log.Count - 1 - (Epoch - epoch));
        // A log that was lost while its count was not: no entry, and none to compare with.
        return index < 0 || _log[index].IsSameAs(PurgeEntry.Read(entry));
    }

    private void Read(PurgeEntry entry, List<PurgeNotice> notices)
    {
        Epoch++;
        _log.Add(entry);
        if (entry.Node == node)
            Told(entry);
        else
            notices.Add(new PurgeNotice(
                entry.Selector, entry.Depth, entry.Node == 0 ? PurgeCause.Missed : PurgeCause.Told));
    }

    private PurgeStanding BeginAnew(
        long epoch, IReadOnlyList<ReadOnlyMemory<byte>> newest, PurgeCause cause, List<PurgeNotice> notices)
    {
        Restart(epoch, newest);
        notices.Add(new PurgeNotice(default, PurgeDepth.Soft, cause));
        // What is in the log is known all the same, and may go further than stale.
        foreach (var entry in _log)
        {
            if (entry.Depth == PurgeDepth.Hard && entry.Node != node)
                notices.Add(new PurgeNotice(entry.Selector, entry.Depth, PurgeCause.Told));
        }

        return PurgeStanding.Same;
    }

    private void Restart(long epoch, IReadOnlyList<ReadOnlyMemory<byte>> newest)
    {
        Epoch = epoch;
        _log.Clear();
        // Entries beyond the count are of an era before.
        for (var index = (int)Math.Min(Math.Min(newest.Count, epoch), logMax) - 1; index >= 0; index--)
        {
            var entry = PurgeEntry.Read(newest[index]);
            _log.Add(entry);
            if (entry.Node == node)
                Told(entry);
        }
    }

    private void Trim()
    {
        if (_log.Count > logMax * 2)
            _log.RemoveRange(0, _log.Count - logMax);
    }
}
