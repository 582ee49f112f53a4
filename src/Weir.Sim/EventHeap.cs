namespace Weir.Sim;

/// <summary>Events by (time, kind, sequence): the same events in the same order on every run.</summary>
internal sealed class EventHeap
{
    private SimEvent[] _events = new SimEvent[256];
    private long _sequence;

    public int Count { get; private set; }

    public void Add(long at, SimEventKind kind, int subject)
    {
        if (Count == _events.Length)
            Array.Resize(ref _events, Count * 2);
        var added = new SimEvent(at, kind, _sequence++, subject);
        var place = Count++;
        while (place > 0)
        {
            var parent = (place - 1) >> 1;
            if (!added.IsBefore(_events[parent]))
                break;
            _events[place] = _events[parent];
            place = parent;
        }

        _events[place] = added;
    }

    /// <summary>The first; false where there is none.</summary>
    public bool TryTake(out SimEvent first)
    {
        first = default;
        if (Count == 0)
            return false;
        first = _events[0];
        var last = _events[--Count];
        var place = 0;
        while (true)
        {
            var child = 2 * place + 1;
            if (child >= Count)
                break;
            if (child + 1 < Count && _events[child + 1].IsBefore(_events[child]))
                child++;
            if (!_events[child].IsBefore(last))
                break;
            _events[place] = _events[child];
            place = child;
        }

        _events[place] = last;
        return true;
    }
}
