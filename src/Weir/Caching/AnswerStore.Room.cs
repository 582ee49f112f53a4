using Weir.Core.Caching;

namespace Weir.Caching;

// Who goes when another comes, and who goes because it is of no use.
internal sealed partial class AnswerStore
{
    /// <summary>Answers looked at in one sweep: well under a millisecond.</summary>
    private const int SweepMax = 1024;

    /// <summary>
    /// Lets answers go that are of no use any more or were hard purged, a part of the store a call. For a heartbeat,
    /// about once a second; nothing depends on it but memory.
    /// </summary>
    /// <returns>How many went.</returns>
    public int Sweep(long now)
    {
        lock (_lock)
        {
            var dropped = 0;
            var looks = Math.Min(SweepMax, _handles);
            for (var look = 0; look < looks; look++)
            {
                _sweepAt = (_sweepAt + 1) % _handles;
                if (_answers[_sweepAt] is { } answer && DropIfDead_NeedsLock(answer, now))
                    dropped++;
            }

            return dropped;
        }
    }

    /// <summary>What is stored now, in no order: for lists, tests and warming. The list is the caller's.</summary>
    public void CopyTo(List<StoredAnswer> list)
    {
        lock (_lock)
        {
            for (var handle = 0; handle < _handles; handle++)
            {
                if (_answers[handle] is { } answer)
                    list.Add(answer);
            }
        }
    }

    /// <summary>How many stored answers a purge would be for.</summary>
    public int Count(PurgeSelector selector)
    {
        var answers = new List<StoredAnswer>();
        CopyTo(answers);
        var count = 0;
        foreach (var answer in answers)
        {
            if (selector.Matches(answer.Target))
                count++;
        }

        return count;
    }

    /// <summary>
    /// Lets answers go until so many more bytes fit. False: somebody who would have to go is asked for as often as the
    /// candidate; then only those went that were of no use.
    /// </summary>
    /// <param name="candidate">Null: room is made for one that is in already.</param>
    /// <param name="spared">Does not go; null: nobody is spared.</param>
    private bool MakeRoom_NeedsLock(long now, long bytes, StoredAnswer? candidate, StoredAnswer? spared)
    {
        var asks = candidate is null ? int.MaxValue : _sketch.Frequency(candidate.Hash);
        var chances = SecondChancesMax;
        var freed = 0L;
        _victims.Clear();
        for (var handle = _order.First; _order.Weight - freed + bytes > _limits.BytesMax;)
        {
            if (handle == EvictionOrder.None)
                return false;
            var next = _order.After(handle);
            var victim = _answers[handle]!;
            if (DropIfDead_NeedsLock(victim, now) || ReferenceEquals(victim, spared))
            {
                handle = next;
                continue;
            }

            if (victim.UsedAt > victim.OrderedAt && chances-- > 0)
            {
                // Used since it was placed: up, and on. What moves down for it may be one that was looked at already,
                // so from the end of the order the way is begun anew.
                victim.OrderedAt = victim.UsedAt;
                _order.Touch(handle);
                handle = next;
                if (next != EvictionOrder.None)
                    continue;
                handle = _order.First;
                _victims.Clear();
                freed = 0;
                continue;
            }

            if (_sketch.Frequency(victim.Hash) >= asks)
                return false;
            _victims.Add(handle);
            freed += _order.WeightOf(handle);
            handle = next;
        }

        foreach (var victim in _victims)
            Drop_NeedsLock(_answers[victim]!);
        _counts = _counts with { Evicted = _counts.Evicted + _victims.Count };
        return true;
    }

    private bool DropIfDead_NeedsLock(StoredAnswer answer, long now)
    {
        var isExpired = now > answer.KeepUntil;
        if (!isExpired && _purges.Check(answer) != PurgeVerdict.Gone)
            return false;
        Drop_NeedsLock(answer);
        _counts = isExpired
            ? _counts with { Expired = _counts.Expired + 1 }
            : _counts with { Purged = _counts.Purged + 1 };
        return true;
    }
}
