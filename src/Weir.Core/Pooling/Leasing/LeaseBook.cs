namespace Weir.Core.Pooling.Leasing;

// Who holds which server connection of one pool, and who waits.
//
// A server connection is in one of these states:   opening → idle ⇄ leased → gone,  leased ⇄ pinned
// Invariants
//   1. Nobody waits while a connection is idle, but for one whose last user would miss it while another is being
// opened.
//   2. First come, first served. Who gives up leaves the line at once.
//   3. leased + idle + opening ≤ SizeMax + Reserved, pinned ≤ PinsMax. A pin leaves the pool's count, so that those who
//      share are not starved by those who keep; when it ends, the count may be one too many until a connection comes
//      back.
//   4. Reserved ≤ ReserveMax: connections beyond the size are opened only for clients that have waited for
//      ReserveAfter. They are as all others, and their room is gone when one connection, whichever, is.
// Owner: the pool, under its one lock. Ids are the caller's; 0 is nobody.

/// <summary>The decisions of one pool: numbers in, answer out.</summary>
internal sealed class LeaseBook(LeaseLimits limits)
{
    /// <summary>
    /// How long a client waits for a log-in while a connection idles that another would miss. A log-in takes
    /// milliseconds; whoever is missing it loses sequence values and nothing else.
    /// </summary>
    private const long PatienceMicros = 1_000_000;

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

    /// <summary>
    /// More than there may be: a pin came back to the count, or the size was made smaller. The next that comes back is
    /// closed.
    /// </summary>
    public bool HasTooMany => Count > Limits.SizeMax + Math.Min(Reserved, Limits.ReserveMax) + Replacing;

    /// <summary>Connections beyond the size that somebody has waited for.</summary>
    public int Reserved { get; private set; }

    /// <summary>Old connections, still lent, for each of which another may be opened beyond the size.</summary>
    public int Replacing { get; private set; }

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
    /// <param name="near">
    /// Where the client is driven; a connection driven there too saves a wake of another thread. −1: anywhere.
    /// </param>
    public int Ask(long client, int last, long now, int near = -1)
    {
        if (_idle.Count > 0)
        {
            var server = TakeIdle(client, last, near, out var found) ? found : 0;
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
    /// <param name="near">Where it is driven.</param>
    public long Return(int server, long keptFor, long now, int near = -1)
    {
        Leased--;
        return GiveOrKeep(server, keptFor, now, near);
    }

    /// <summary>A log-in has succeeded. The client that has the connection now, or 0.</summary>
    public long Opened(int server, long now, int near = -1)
    {
        Opening--;
        _retryAfter = 0;
        return GiveOrKeep(server, keptFor: 0, now, near);
    }

    /// <summary>A log-in has succeeded, but what came of it cannot be lent.</summary>
    public void OpenedInVain()
    {
        Opening--;
        _retryAfter = 0;
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
    /// No other connection is to be had soon: the first who waits gets one that somebody would miss. False: there is
    /// none, or nobody waits, or one is being opened.
    /// </summary>
    /// <param name="mayOpen">False: what is not being opened yet will not be either.</param>
    public bool TryServeLine(long now, bool mayOpen, out long client, out int server)
    {
        (client, server) = (0, 0);
        if (_line.First is not { } first || _idle.Count == 0)
            return false;
        var comesSoon = _line.Count <= Opening || (mayOpen && Count < Limits.SizeMax);
        if (comesSoon && !IsFailing && now - first.Value.Since < PatienceMicros)
            return false;
        client = first.Value.Client;
        Leave(client);
        server = _idle[0].Server;
        _idle.RemoveAt(0);
        Leased++;
        return true;
    }

    /// <summary>
    /// An idle connection that nobody would miss is lent to the house. False: it is not idle, or is missed.
    /// </summary>
    public bool TryBorrow(int server)
    {
        for (var index = 0; index < _idle.Count; index++)
        {
            if (_idle[index].Server != server || _idle[index].KeptFor != 0)
                continue;
            _idle.RemoveAt(index);
            Leased++;
            return true;
        }

        return false;
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
        var count = OpeningsWanted(now);
        BeginOpenings(count);
        return count;
    }

    /// <summary>As <see cref="TakeOpenings"/>, where others have a say in how many there will be.</summary>
    public int OpeningsWanted(long now)
    {
        if (IsFailing && (now < _retryAt || Opening > 0))
            return 0;
        var wanted = Math.Max(_line.Count - Opening, Limits.SizeMin - Count);
        var count = Math.Min(wanted, Limits.SizeMax - Count);
        if (count < wanted && Limits.ReserveMax > 0)
            count = Math.Max(count, Math.Min(WaitedLong(now) - Opening, Limits.CountMax - Count));
        // After a failure one tries for all.
        return Math.Max(0, Math.Min(count, IsFailing ? 1 : Limits.OpeningMax - Opening));
    }

    /// <summary>So many log-ins begin, of those that were wanted.</summary>
    public void BeginOpenings(int count)
    {
        Opening += count;
        if (count == 0 && Reserved == 0)
            return;
        var beyond = Math.Max(0, Count - Limits.SizeMax - Replacing);
        Reserved = count > 0 ? beyond : Math.Min(Reserved, beyond);
    }

    /// <summary>Clients that have waited for ReserveAfter, as far as it matters how many.</summary>
    private int WaitedLong(long now)
    {
        var (count, most) = (0, Limits.CountMax - Count + Opening);
        for (var place = _line.First; place is not null && count < most; place = place.Next)
        {
            if (now - place.Value.Since < Limits.ReserveAfter)
                break;
            count++;
        }

        return count;
    }

    /// <summary>
    /// A connection is too old while clients wait: another is opened beside it before it is closed, one at a time.
    /// False: not now.
    /// </summary>
    public bool TryBeginReplacement()
    {
        if (Replacing > 0 || IsFailing || Opening >= Limits.OpeningMax)
            return false;
        Replacing++;
        Opening++;
        return true;
    }

    /// <summary>The old connection is gone, or its replacement does not come.</summary>
    public void EndReplacement() => Replacing--;

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

    private long GiveOrKeep(int server, long keptFor, long now, int near)
    {
        // One that somebody would miss stays while those who wait have each another coming: see TryServeLine.
        var isMissed = keptFor != 0 && !IsFailing && _line.Count <= Opening;
        if (_line.First is { } first && !isMissed)
        {
            _line.RemoveFirst();
            _places.Remove(first.Value.Client);
            Leased++;
            return first.Value.Client;
        }

        _idle.Add(new Idle(server, keptFor, now, near));
        return 0;
    }

    /// <summary>
    /// One that was kept for the client; else one driven where the client is; else its last; else the one that came
    /// back last, since its caches are warm. But not one that somebody would miss while there is another, or room to
    /// open one.
    /// </summary>
    private bool TakeIdle(long client, int last, int near, out int server)
    {
        var (close, again, any) = (-1, -1, -1);
        for (var index = _idle.Count - 1; index >= 0; index--)
        {
            var idle = _idle[index];
            if (idle.KeptFor != 0 && idle.KeptFor != client)
                continue;
            any = any < 0 ? index : any;
            close = close < 0 && idle.Near == near && near >= 0 ? index : close;
            if (idle.Server != last)
                continue;
            again = index;
            if (idle.KeptFor == client || idle.Near == near)
            {
                close = index;
                break;
            }
        }

        var pick = close >= 0 ? close : again >= 0 ? again : any;
        // All that idle are missed by somebody: the one that was used longest ago, if no other can be opened.
        if (pick < 0 && (Count >= Limits.SizeMax || IsFailing))
            pick = 0;
        server = pick < 0 ? 0 : _idle[pick].Server;
        if (pick >= 0)
            _idle.RemoveAt(pick);
        return pick >= 0;
    }

    private readonly record struct Idle(int Server, long KeptFor, long Since, int Near);

    private readonly record struct Waiter(long Client, long Since);
}
