using Weir.Caching;
using Weir.Core.Caching;

namespace Weir.Control;

/// <summary>The cache at one moment.</summary>
internal sealed record CacheSnapshot
{
    public long Answers { get; init; }
    public long Bytes { get; init; }
    public long BytesMax { get; init; }

    /// <summary>Fetches under way, requests that wait for them, and refreshes that wait for an idle worker.</summary>
    public int Fills { get; init; }
    public int Followers { get; init; }
    public int RefreshesWaiting { get; init; }

    /// <summary>Requests by how they met the cache: hit, stale, coalesced, validated, miss, pass, refresh.</summary>
    public IReadOnlyDictionary<string, long> Requests { get; init; } = new Dictionary<string, long>();

    /// <summary>Answers that were not stored, by reason.</summary>
    public IReadOnlyDictionary<string, long> NotStored { get; init; } = new Dictionary<string, long>();

    /// <summary>Worker time that hits saved.</summary>
    public double SavedWorkerSeconds { get; init; }

    /// <summary>The same by route, where something was saved; what is gone since a reload is in no row.</summary>
    public IReadOnlyList<SavedSnapshot> Saved { get; init; } = [];
    public long Evicted { get; init; }
    public long Expired { get; init; }
    public long Purged { get; init; }

    /// <summary>Lines of Weir-Purge in the apps' answers that could not be read.</summary>
    public long PurgeLinesUnread { get; init; }

    /// <summary>Of answers that are asked for most, once more where the kernel sends them from.</summary>
    public long FileBytes { get; init; }

    /// <summary>The tier that nodes share; null where there is none.</summary>
    public SharedSnapshot? Shared { get; init; }

    public static CacheSnapshot Of(CacheRoom room, LiveOptions live)
    {
        var store = room.Store.Counts;
        var (fills, followers, _) = room.Fills.Counts;
        return new CacheSnapshot
        {
            Answers = store.Answers,
            Bytes = store.Bytes,
            BytesMax = room.Options.MemoryMax,
            Fills = fills,
            Followers = followers,
            RefreshesWaiting = room.Background?.Waiting ?? 0,
            Requests = Enum.GetValues<CacheResult>().Where(result => result != CacheResult.None)
                .ToDictionary(result => result.Word(), room.Counts.Of),
            NotStored = Enum.GetValues<CacheReason>().Where(reason => room.Counts.NotStored(reason) > 0)
                .ToDictionary(reason => reason.Name(), room.Counts.NotStored),
            SavedWorkerSeconds = Seconds(live.SavedMicrosBefore + live.Savings.Sum(one => one.Micros)),
            Saved = [.. live.Savings.Where(one => one.Micros > 0).OrderByDescending(one => one.Micros)
                .Select(one => new SavedSnapshot(one.App, one.Route, Seconds(one.Micros)))],
            Evicted = store.Evicted,
            Expired = store.Expired,
            Purged = store.Purged,
            FileBytes = room.Files.Bytes,
            PurgeLinesUnread = room.PurgeLinesUnread,
            Shared = SharedSnapshot.Of(room.Shared),
        };
    }

    private static double Seconds(long micros) => Math.Round(micros / 1e6, 6);
}
