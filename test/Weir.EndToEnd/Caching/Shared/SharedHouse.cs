using System.Globalization;
using Weir.Caching.Shared;
using Weir.Config;
using Weir.Control;
using Weir.Core.Caching.Shared;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Caching.Shared;

/// <summary>Whole houses before one app that share their answers in a real Redis.</summary>
internal static class SharedHouse
{
    /// <summary>
    /// Patient, so that a busy machine is not taken for a slow Redis; the tests of slowness set their own.
    /// </summary>
    public static SharedOptions Patient { get; } = new()
    {
        Patience = TimeSpan.FromSeconds(5),
        AnswerTimeMax = TimeSpan.FromSeconds(5),
    };

    /// <summary>Served, and with the purges of all known.</summary>
    public static TestHouse Start(
        ScriptedApp app, int port, int slots = 2, SharedOptions? shared = null,
        Func<WeirOptions, WeirOptions>? change = null)
    {
        var house = StartWithout(app, port, slots, shared, change);
        try
        {
            AwaitUp(house);
            return house;
        }
        catch
        {
            house.Dispose();
            throw;
        }
    }

    /// <summary>Served, whatever the Redis does.</summary>
    public static TestHouse StartWithout(
        ScriptedApp app, int port, int slots = 2, SharedOptions? shared = null,
        Func<WeirOptions, WeirOptions>? change = null)
    {
        var url = RedisUrl.Read(string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{port}"), out _);
        return TestHouse.Before(app, slots, options =>
        {
            options = options with { Cache = options.Cache with { Shared = (shared ?? Patient) with { Url = url } } };
            return change is null ? options : change(options);
        });
    }

    public static SharedSnapshot Tier(TestHouse house) => house.Status.Cache!.Shared!;

    public static void AwaitUp(TestHouse house) => Eventually.True(
        () => Tier(house) is { Up: true, Era.Length: > 0 } && IsKnown(house), "the tier can be used",
        TimeSpan.FromSeconds(20));

    public static void AwaitStored(TestHouse house, long count) => Eventually.True(
        () => Tier(house).Puts["stored"] >= count, () => $"{count} answers in the tier: {Told(house)}");

    /// <summary>Until the others can know of every purge made here.</summary>
    public static void AwaitTold(TestHouse house) =>
        Eventually.True(() => Tier(house).PurgesWaiting == 0, "purges are told");

    public static string Told(TestHouse house) =>
        string.Join(' ', Tier(house).Puts.Concat(Tier(house).Looks).Concat(Tier(house).Faults));

    private static bool IsKnown(TestHouse house)
    {
        var tier = house.House.Rooms.Cache.Shared!.Tier;
        return tier.News.ConfirmedOn != 0 && tier.News.FirstContact.IsCompleted;
    }
}
