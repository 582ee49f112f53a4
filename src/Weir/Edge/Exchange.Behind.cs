using Weir.Beat;
using Weir.Caching;
using Weir.Core.Caching;

namespace Weir.Edge;

// 3. Caching, where no client waits for the fetch: what Weir asks for itself, and what it gives out meanwhile.
internal sealed partial class Exchange
{
    /// <summary>Of a fetch of Weir's own that is over: what it was, and what it cost.</summary>
    public FetchEnd FetchEnd => new(_workerMicros, _status, _turn?.Reason ?? CacheReason.None);

    /// <summary>A refresh, a warm-up, or a fetch in the place of one who may have something stale.</summary>
    private bool MeetCacheBehind(CachePolicy policy, long now) => Obey(
        _turn!.LookBehind(
            _client.Head, _client.IsTlsAtFirst, policy, Scope, (_client as HouseClient)?.Inherits, Millis(now), now,
            Patience),
        now);

    /// <summary>
    /// The wait for a slot passes the route's bound: something stale goes out, and is made anew when a worker idles.
    /// </summary>
    private bool StandsInForBusy(CachePolicy policy, long now)
    {
        // First looked at, then acted upon: who gives up its part in the fill for nothing would fetch alone.
        if (policy.StaleIfBusy <= TimeSpan.Zero || _client.IsHouse || !_turn!.CouldStandIn(StaleCause.Busy, Millis(now))
            || _app!.Look(router => router.ExpectedWait(Clock.Now)) < Clock.Micros(policy.StaleIfBusy)
            || !StandsIn(StaleCause.Busy, now))
            return false;
        _rooms.Cache.Background?.Offer(_app, _client);
        return true;
    }

    /// <summary>Another exchange fetches, and this one waits for it, until the bound of its route.</summary>
    private bool Cede(long now)
    {
        var turn = _turn!;
        return _rooms.Cache.Background is { } background
            && background.BeginInPlace(_client, turn, now + 2 * Patience);
    }
}
