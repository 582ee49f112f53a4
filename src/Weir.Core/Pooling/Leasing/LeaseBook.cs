namespace Weir.Core.Pooling.Leasing;

// Who holds which server connection of one pool, and who waits.
//
// A server connection is in one of these states:   opening → idle ⇄ leased → gone,  leased ⇄ pinned
// Invariants
//   1. Nobody waits while a connection is idle, but for one whose last user would miss it while another is being
// opened.
//   2. First come, first served. Who gives up leaves the line at once.
//   3. leased + idle + opening ≤ SizeMax, pinned ≤ PinsMax. A pin leaves the pool's count, so that those who share are
//      not starved by those who keep.
// Owner: the pool, under its one lock. Ids are the caller's; 0 is nobody.

/// <summary>The decisions of one pool: numbers in, answer out.</summary>
internal sealed class LeaseBook(LeaseLimits limits)
{
    private readonly List<Idle> _idle = [];
    private readonly LinkedList<Waiter> _line = new();
    private readonly Dictionary<long, LinkedListNode<Waiter>> _places = [];
    private long _retryAt;
    private long _retryAfter;

    public LeaseLimits Limits { get; private set; } = limits;
    public int IdleCount => _idle.Count;
    public int Leased { get; private set; }
    public int Pinned { get; private set; }
    public int Opening { get; private set; }
    public int Waiting => _line.Count;

    /// <summary>Connections that count under SizeMax.</summary>
    public int Count => _idle.Count + Leased + Opening;

    /// <summary>True while no log-in has succeeded since the last one failed.</summary>
    public bool IsFailing => _retryAfter > 0;

    /// <summary>When the longest-waiting client asked; long.MaxValue: nobody waits.</summary>
    public long OldestSince => _line.First?.Value.Since ?? long.MaxValue;

    public void Change(LeaseLimits next) => Limits = next;

    /// <summary>
    /// Asks for a connection. The id of one that is the client's now, or 0: it stands in line.
    /// </summary>
    /// <param name="client">Who asks; not in the line already.</param>
    /// <param name="last">The connection that it used last, which it gets again if it lies idle; 0: any.</param>
    public int Ask(long client, int last, long now)
    {
        if (_idle.Count > 0)
        {
            var server = TakeIdle(last, out var found) ? found : 0;
            if (server != 0)
            {
                Leased++;
                return server;
            }
        }

        Wait(client, now);
        return 0;
    }

    /// <summary>The client stands in line.</summary>
    public void Wait(long client, long now) => _places.Add(client, _line.AddLast(new Waiter(client, now)));

    /// <summary>The client waits no longer. False: it did not wait.</summary>
    public bool Leave(long client)
    {
        if (!_places.Remove(client, out var place))
            return false;
        _line.Remove(place);
        return true;
    }

    /// <summary>A leased connection comes back. The client that has it now, or 0: it is idle.</summary>
    /// <param name="keptFor">The client that would lose something if another got it; 0: nobody.</param>
    public long Return(int server, long keptFor, long now)
    {
        Leased--;
        return GiveOrKeep(server, keptFor, now);
    }

    /// <summary>A log-in has succeeded. The client that has the connection now, or 0.</summary>
    public long Opened(int server, long now)
    {
        Opening--;
        _retryAfter = 0;
        return GiveOrKeep(server, keptFor: 0, now);
    }

    /// <summary>A log-in has succeeded whose connection nobody may have.</summary>
    public void OpeningDropped() => Opening--;

    /// <summary>A log-in has failed: the next is tried after a pause that grows.</summary>
    public void OpeningFailed(long now)
    {
        Opening--;
        _retryAfter = Math.Clamp(_retryAfter * 2, Limits.RetryAfter, Limits.RetryAfterMax);
        _retryAt = now + _retryAfter;
    }

    /// <summary>
    /// No other connection is to be had: the first who waits gets one that somebody would miss. False: there is none,
    /// or nobody waits.
    /// </summary>
    public bool TryServeLine(out long client, out int server)
    {
        (client, server) = (0, 0);
        if (_line.First is not { } first || _idle.Count == 0 || (Count < Limits.SizeMax && !IsFailing))
            return false;
        client = first.Value.Client;
        Leave(client);
        server = _idle[0].Server;
        _idle.RemoveAt(0);
        Leased++;
        return true;
    }

    /// <summary>An idle connection has ended, or is to be closed. False: it is not idle.</summary>
    public bool TakeOut(int server)
    {
        for (var index = 0; index < _idle.Count; index++)
        {
            if (_idle[index].Server != server)
                continue;
            _idle.RemoveAt(index);
            return true;
        }

        return false;
    }

    /// <summary>One that was taken out is lent, to be looked at.</summary>
    public void Borrow() => Leased++;

    /// <summary>A leased connection has ended, or must not be lent again.</summary>
    public void Lose() => Leased--;

    /// <summary>The holder keeps its connection past its transaction. False: no more may be pinned.</summary>
    public bool TryPin()
    {
        if (Pinned >= Limits.PinsMax)
            return false;
        Leased--;
        Pinned++;
        return true;
    }

    /// <summary>The state is gone; the holder has it as a plain lease again, until it gives it back.</summary>
    public void Unpin()
    {
        Pinned--;
        Leased++;
    }

    /// <summary>
    /// How many log-ins to begin now; they count as opening from here on. Who waits wants one each, less those that
    /// are coming; and the warm minimum is kept.
    /// </summary>
    public int TakeOpenings(long now)
    {
        if (IsFailing && (now < _retryAt || Opening > 0))
            return 0;
        var wanted = Math.Max(_line.Count - Opening, Limits.SizeMin - Count);
        var room = Math.Min(Limits.SizeMax - Count, Limits.OpeningMax - Opening);
        // After a failure one tries for all.
        var count = Math.Min(Math.Min(wanted, room), IsFailing ? 1 : int.MaxValue);
        if (count <= 0)
            return 0;
        Opening += count;
        return count;
    }

    /// <summary>
    /// An idle connection that has idled since before the given moment, to be closed; 0: none. The warm minimum stays.
    /// </summary>
    public int TakeIdleSince(long before, bool evenMinimum = false)
    {
        if (_idle.Count == 0 || (!evenMinimum && Count <= Limits.SizeMin) || _idle[0].Since > before)
            return 0;
        var server = _idle[0].Server;
        _idle.RemoveAt(0);
        return server;
    }

    /// <summary>The clients in line, the first first, with the moment each asked.</summary>
    public IEnumerable<(long Client, long Since)> Line => _line.Select(waiter => (waiter.Client, waiter.Since));

    private long GiveOrKeep(int server, long keptFor, long now)
    {
        if (_line.First is { } first)
        {
            _line.RemoveFirst();
            _places.Remove(first.Value.Client);
            Leased++;
            return first.Value.Client;
        }

        _idle.Add(new Idle(server, keptFor, now));
        return 0;
    }

    /// <summary>
    /// The client's last one if it is here; else the one that came back last, since its caches are warm; but not one
    /// that somebody would miss while there is another, or room to open one.
    /// </summary>
    private bool TakeIdle(int last, out int server)
    {
        var pick = -1;
        for (var index = _idle.Count - 1; index >= 0; index--)
        {
            if (last != 0 && _idle[index].Server == last)
            {
                pick = index;
                break;
            }

            if (pick < 0 && _idle[index].KeptFor == 0)
            {
                pick = index;
                if (last == 0)
                    break;
            }
        }

        // All that idle are missed by somebody: the one that was used longest ago, if no other can be opened.
        if (pick < 0 && (Count >= Limits.SizeMax || IsFailing))
            pick = 0;
        server = pick < 0 ? 0 : _idle[pick].Server;
        if (pick >= 0)
            _idle.RemoveAt(pick);
        return pick >= 0;
    }

    private readonly record struct Idle(int Server, long KeptFor, long Since);

    private readonly record struct Waiter(long Client, long Since);
}
