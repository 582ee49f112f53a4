using Weir.Core.Caching;

namespace Weir.Caching;

// A fill that takes its time, and something stale to give out meanwhile (cache.stale-if-slow). Whoever would fetch has
// an exchange without a client fetch in its place (Cede), and waits for it as all others do: so the fetch goes on
// whatever becomes of the client, and the app is asked once. Each waits for as long as the bound says, from its own
// arrival on. It cedes once: where that fetch comes to nothing, it asks for itself.
internal sealed partial class CacheTurn
{
    private long _standsInAt;
    private bool _hasCeded;

    // A fetch on behalf of another: the part that was ceded to it.
    private FillPlace? _inherits;

    /// <summary>Where it waits, if it waits.</summary>
    public Fills Fills => room.Fills;

    /// <summary>It would fetch, and has something to give out should that be slow.</summary>
    public bool MayCede => _standsInAt != long.MaxValue && !_hasCeded && _place is { Role: FillRole.Fetcher };

    /// <summary>Another fetches in its place, and it waits. False: it fetches itself after all.</summary>
    public bool Cede(FillPlace heir, long giveUp)
    {
        _hasCeded = true;
        return room.Fills.Cede(_place!, heir, giveUp);
    }

    /// <summary>As <see cref="Look"/>, for a fetch of Weir's own, perhaps in another's place.</summary>
    public CacheStep LookBehind(
        Core.Http.RequestHead head, bool isTls, CachePolicy policy, ulong scope, FillPlace? inherits, long now,
        long clock, long patience)
    {
        _inherits = inherits;
        return Look(head, isTls, policy, scope, refreshes: true, now, clock, patience);
    }

    /// <summary>Whether what is stored could go out for this cause; nothing changes.</summary>
    public bool CouldStandIn(StaleCause cause, long now) => _found is { } found
        && ReuseDecision.StandIn(_facts, found.Figures, _policy, now, cause, _isSoft).Serves;

    private void AwaitAtMost(long now, long clock)
    {
        if (_place is not null && _found is { } found)
            _standsInAt = SlowFill.StandsInAt(_facts, found.Figures, _policy, _isSoft, now, clock);
    }

    /// <summary>The bound is passed: the stale answer goes out, and the fill goes on.</summary>
    private CacheStep ServeInstead(StaleCause cause, long now, CacheStep otherwise)
    {
        _standsInAt = long.MaxValue;
        if (!StandsIn(cause, now))
            return otherwise;
        if (_place is { } place)
            room.Fills.Gone(place, Beat.Clock.Now);
        _place = null;
        return CacheStep.Serve;
    }
}
