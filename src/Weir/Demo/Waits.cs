namespace Weir.Demo;

/// <summary>
/// What clients have waited, counted from the moment each request was planned, with those that still wait: leaving
/// these out would make a server that answers nobody look quick.
/// </summary>
internal sealed class Waits
{
    /// <summary>Keeps hours of a demo bounded; older requests make room.</summary>
    private const int EndedMax = 20_000;
    private const long Never = long.MaxValue;

    private readonly Queue<(long Wait, bool IsAnswered)> _ended = new();
    private readonly HashSet<long> _planned = [];

    public int Answered { get; private set; }

    /// <summary>Requests whose client gave up or was refused.</summary>
    public int Failed { get; private set; }
    public int Waiting => _planned.Count;

    /// <param name="planned">Microseconds; each request's own.</param>
    public void Begin(long planned) => _planned.Add(planned);

    /// <param name="isAnswered">False where the client gave up, or was refused.</param>
    public void End(long planned, long now, bool isAnswered)
    {
        if (!_planned.Remove(planned))
            return;
        if (isAnswered)
            Answered++;
        else
            Failed++;
        _ended.Enqueue((now - planned, isAnswered));
        if (_ended.Count > EndedMax)
            _ended.Dequeue();
    }

    /// <summary>
    /// The wait that this share of all requests stayed within, by nearest rank, counting who was not answered as the
    /// longest. Where the rank falls among these, what they have waited until now is a lower bound.
    /// </summary>
    /// <param name="share">0 to 1.</param>
    public Wait At(double share, long now)
    {
        var count = _ended.Count + _planned.Count;
        if (count == 0)
            return default;
        var rank = Math.Clamp((int)Math.Ceiling(share * count), 1, count);
        var wait = Sorted(Never, Never)[rank - 1];
        return wait != Never ? new Wait(wait, AtLeast: false)
            : new Wait(Sorted(0, now)[rank - 1], AtLeast: true);
    }

    /// <param name="failed">The wait that counts for a failed request; 0 = its own.</param>
    /// <param name="until">The moment until which the others wait; Never = for ever.</param>
    private List<long> Sorted(long failed, long until)
    {
        List<long> waits =
        [
            .. _ended.Select(one => one.IsAnswered ? one.Wait : Math.Max(failed, one.Wait)),
            .. _planned.Select(planned => until == Never ? Never : Math.Max(0, until - planned)),
        ];
        waits.Sort();
        return waits;
    }
}
