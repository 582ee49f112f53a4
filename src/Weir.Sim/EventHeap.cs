namespace Weir.Sim;

/// <summary>Events by (time, kind, sequence): the same events in the same order on every run.</summary>
internal sealed class EventHeap
{
    private SimEvent[] _events = new SimEvent[256];
    private ulong _sequence;

    public int Count { get; private set; }

    /// <summary>When the first event is; long.MaxValue where there is none.</summary>
    public long FirstAt => Count == 0 ? long.MaxValue : _events[0].At;

    public void Add(long at, SimEventKind kind, int subject, int mark = 0)
    {
        if (Count == _events.Length)
            Array.Resize(ref _events, Count * 2);
        var events = _events;
        var added = new SimEvent(at, ((ulong)kind << SimEvent.KindShift) | _sequence++, subject, mark);
        var place = Count++;
        while (place > 0)
        {
            var parent = (place - 1) >> 1;
            if (!added.IsBefore(in events[parent]))
                break;
            events[place] = events[parent];
            place = parent;
        }

        events[place] = added;
    }

    /// <summary>The first. There must be one.</summary>
    public SimEvent Take()
    {
        var events = _events;
        var first = events[0];
        var count = --Count;
        var last = events[count];
        var place = 0;
        while (true)
        {
            var child = 2 * place + 1;
            if (child >= count)
                break;
            if (child + 1 < count && events[child + 1].IsBefore(in events[child]))
                child++;
            if (!events[child].IsBefore(in last))
                break;
            events[place] = events[child];
            place = child;
        }

        events[place] = last;
        return first;
    }
}
