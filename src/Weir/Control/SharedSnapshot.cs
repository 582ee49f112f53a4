using Weir.Beat;
using Weir.Caching;
using Weir.Caching.Shared;

namespace Weir.Control;

/// <summary>The tier of the cache that nodes share, at one moment, as this node sees it.</summary>
internal sealed record SharedSnapshot
{
    /// <summary>Where it is, without the password.</summary>
    public string Address { get; init; } = "";

    public bool Up { get; init; }

    /// <summary>
    /// How long ago, in milliseconds, all purges of all nodes were known here; −1: they never were.
    /// </summary>
    public double PurgesKnownMs { get; init; } = -1;

    /// <summary>Purges made here that the other nodes cannot know of yet.</summary>
    public int PurgesWaiting { get; init; }

    /// <summary>Which count of purges all nodes go by; empty: none is known yet.</summary>
    public string Era { get; init; } = "";

    /// <summary>Purges that it has counted.</summary>
    public long Purges { get; init; }

    /// <summary>
    /// Looks by how they ended: found, foundpurged, absent, gone, unusable, outoftime, unsure, fault.
    /// </summary>
    public IReadOnlyDictionary<string, long> Looks { get; init; } = new Dictionary<string, long>();

    /// <summary>Answers offered, by what became of them: stored, toobig, outoftime, purged, fault.</summary>
    public IReadOnlyDictionary<string, long> Puts { get; init; } = new Dictionary<string, long>();

    /// <summary>Of looks and puts, why: down, cut, late, full, refused.</summary>
    public IReadOnlyDictionary<string, long> Faults { get; init; } = new Dictionary<string, long>();

    public static SharedSnapshot? Of(SharedCopies? shared)
    {
        if (shared is null)
            return null;
        var counters = shared.Tier.Counters;
        var stamp = shared.Stamp;
        var known = shared.Tier.News.ConfirmedAt;
        return new SharedSnapshot
        {
            Address = shared.Address,
            Up = shared.IsUp,
            PurgesKnownMs = known == long.MinValue ? -1 : Math.Round((Clock.Now - known) / 1e3, 3),
            PurgesWaiting = shared.Tier.News.Waiting,
            Era = stamp.IsUnknown ? "" : stamp.Era.ToString("x", System.Globalization.CultureInfo.InvariantCulture),
            Purges = stamp.Epoch,
            Looks = Counted<SharedEnd>(end => counters[end]),
            Puts = Counted<SharedPut>(put => counters[put]),
            Faults = Counted<SharedFault>(fault => counters[fault], without: SharedFault.None),
        };
    }

    /// <summary>One line, for a terminal.</summary>
    public string Describe()
    {
        var state = Up ? "up" : "DOWN, answers come from this node alone";
        var faults = Faults.Values.Sum();
        return $"shared at {Address}: {state}; {Looks.GetValueOrDefault("found")} of {Looks.Values.Sum()} looks found "
            + $"an answer, {Puts.GetValueOrDefault("stored")} put"
            + (faults == 0 ? "" : $", {faults} faults")
            + (PurgesWaiting == 0 ? "" : $"; {PurgesWaiting} purges not told to other nodes yet");
    }

    private static Dictionary<string, long> Counted<T>(Func<T, long> count, T? without = null)
        where T : struct, Enum => Enum.GetValues<T>().Where(one => without is not { } none || !one.Equals(none))
        .ToDictionary(one => one.ToString().ToLowerInvariant(), count);
}
