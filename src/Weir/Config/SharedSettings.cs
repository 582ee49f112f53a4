using Weir.Caching.Shared;
using Weir.Core.Caching.Shared;

namespace Weir.Config;

/// <summary>The tier of the cache that nodes share.</summary>
internal static class SharedSettings
{
    private const long Millisecond = 1_000;

    public static IReadOnlyList<Setting> All { get; } =
    [
        new("cache.redis", SettingKind.Text, "none",
            "A Redis in which nodes share answers: redis://[USER:PASSWORD@]HOST[:PORT][/DB], rediss://, unix://.")
        {
            Zero = "none",
            Secret = true,
            IsDiscreet = true,
            Check = text => RedisUrl.Read(text, out var problem) is null ? (null, problem) : (text, ""),
            Weir = With((shared, value) => shared with
            {
                Url = value.Text.Length == 0 ? null : RedisUrl.Read(value.Text, out _),
            }),
        },
        new("cache.redis-prefix", SettingKind.Text, "weir",
            "Begins every name there; fleets that do not share answers must differ in it.")
        {
            Check = Prefix,
            Weir = With((shared, value) => shared with { Prefix = value.Text }),
        },
        new("cache.redis-secret", SettingKind.Text, "none",
            "Seals what is stored there, so that only nodes that have it can make answers. May be file:/path.")
        {
            Zero = "none",
            Secret = true,
            Weir = With((shared, value) => shared with { Secret = value.Text }),
        },
        new("cache.redis-patience", SettingKind.Duration, "100ms",
            "What a request may lose to a Redis that does not answer; twice that where answers vary.")
        {
            Min = Millisecond,
            Max = 1_000 * Millisecond,
            Weir = With((shared, value) => shared with { Patience = value.Time }),
        },
    ];

    private static (string? Text, string Problem) Prefix(string text) =>
        new SharedOptions { Prefix = text }.Validate().FirstOrDefault() is { } problem ? (null, problem) : (text, "");

    private static Func<WeirOptions, SettingValue, WeirOptions> With(
        Func<SharedOptions, SettingValue, SharedOptions> change) => (weir, value) =>
        weir with { Cache = weir.Cache with { Shared = change(weir.Cache.Shared, value) } };
}
