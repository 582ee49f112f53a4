namespace Weir.Core.Caching;

// Who goes first when memory is short: a segmented LRU of handles (small ints of the caller's, reused when free).
//
// Segments   probation: asked for once since it came; protected: asked for again. Each is a list, newest at its head.
// Invariants
//   1. A handle is in at most one list; the weights of a segment are the sum of its handles' weights.
//   2. protected ≤ ProtectedShare of the capacity, unless it holds a single handle; what is pushed out goes to the head
//      of probation, so it has another whole way through it.
//   3. Victims come from probation's tail on; from protected only when probation is empty.
// Owner: the store, under its one lock for changes.

/// <summary>The order in which entries are let go.</summary>
internal sealed class EvictionOrder(long capacity)
{
    /// <summary>No handle.</summary>
    public const int None = -1;

    /// <summary>The share of the capacity that entries asked for again may hold: 80 %, as in Caffeine.</summary>
    private const double ProtectedShare = 0.8;

    private Link[] _links = [];
    private Segment _probation = Segment.Empty;
    private Segment _protected = Segment.Empty;

    /// <summary>Weight that all handles together should not pass; the caller's to keep.</summary>
    public long Capacity { get; set; } = capacity;

    public int Count => _probation.Count + _protected.Count;

    /// <summary>All weights together.</summary>
    public long Weight => _probation.Weight + _protected.Weight;

    public long ProtectedWeight => _protected.Weight;

    /// <summary>The handle that is let go first; None if there is none.</summary>
    public int First => _probation.Tail != None ? _probation.Tail : _protected.Tail;

    /// <summary>The handle that is let go after this one; None if it is the last.</summary>
    public int After(int handle)
    {
        var link = _links[handle];
        if (link.Newer != None)
            return link.Newer;
        return link.Place == Place.Probation ? _protected.Tail : None;
    }

    public bool Contains(int handle) => handle < _links.Length && handle >= 0 && _links[handle].Place != Place.None;

    public bool IsProtected(int handle) => Contains(handle) && _links[handle].Place == Place.Protected;

    public long WeightOf(int handle) => _links[handle].Weight;

    /// <summary>A new entry, at the head of probation. The handle must be free.</summary>
    public void Add(int handle, long weight)
    {
        if (handle >= _links.Length)
            Array.Resize(ref _links, Math.Max(handle + 1, Math.Max(16, _links.Length * 2)));
        if (_links[handle].Place != Place.None)
            throw new InvalidOperationException($"handle {handle} is in the order already");
        _links[handle].Weight = weight;
        Push(ref _probation, Place.Probation, handle);
    }

    /// <summary>It was asked for again.</summary>
    public void Touch(int handle)
    {
        if (!Contains(handle))
            return;
        Unlink(handle);
        Push(ref _protected, Place.Protected, handle);
        var bound = (long)(Capacity * ProtectedShare);
        while (_protected.Weight > bound && _protected.Count > 1)
        {
            var oldest = _protected.Tail;
            Unlink(oldest);
            Push(ref _probation, Place.Probation, oldest);
        }
    }

    /// <summary>Its weight is another; its place stays.</summary>
    public void Reweigh(int handle, long weight)
    {
        ref var link = ref _links[handle];
        ref var segment = ref SegmentOf(link.Place);
        segment.Weight += weight - link.Weight;
        link.Weight = weight;
    }

    /// <summary>It is gone; its handle is free. False: it was not there.</summary>
    public bool Remove(int handle)
    {
        if (!Contains(handle))
            return false;
        Unlink(handle);
        return true;
    }

    private ref Segment SegmentOf(Place place)
    {
        if (place == Place.Protected)
            return ref _protected;
        return ref _probation;
    }

    private void Push(ref Segment segment, Place place, int handle)
    {
        ref var link = ref _links[handle];
        link.Place = place;
        link.Newer = None;
        link.Older = segment.Head;
        if (segment.Head != None)
            _links[segment.Head].Newer = handle;
        else
            segment.Tail = handle;
        segment.Head = handle;
        segment.Count++;
        segment.Weight += link.Weight;
    }

    private void Unlink(int handle)
    {
        ref var link = ref _links[handle];
        ref var segment = ref SegmentOf(link.Place);
        if (link.Newer != None)
            _links[link.Newer].Older = link.Older;
        else
            segment.Head = link.Older;
        if (link.Older != None)
            _links[link.Older].Newer = link.Newer;
        else
            segment.Tail = link.Newer;
        segment.Count--;
        segment.Weight -= link.Weight;
        link.Place = Place.None;
    }

    private enum Place : byte
    {
        None,
        Probation,
        Protected,
    }

    private struct Link
    {
        public int Newer;
        public int Older;
        public long Weight;
        public Place Place;
    }

    private struct Segment
    {
        public static Segment Empty => new() { Head = None, Tail = None };

        public int Head;
        public int Tail;
        public int Count;
        public long Weight;
    }
}
