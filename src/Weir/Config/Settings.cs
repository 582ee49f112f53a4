namespace Weir.Config;

/// <summary>
/// Every setting there is, once: name, notation, default, range, meaning, and the option it lands in. Flags,
/// environment, file, <c>weir check</c> and docs/operating.md all come from this table. To add one: add the option with
/// its default, a row in its room's list here, and a row in docs/operating.md (a test names what is missing).
/// </summary>
internal static class Settings
{
    /// <summary>In the order in which docs/operating.md tells them.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        .. AppSettings.All, .. DoorSettings.Edge, .. DoorSettings.Trust, .. BodySettings.Intake,
            .. BodySettings.Outflow,
        .. BodySettings.Spill, .. CacheSettings.All, .. RunSettings.All, .. PoolSettings.All, .. HouseSettings.All,
    ];

    private static readonly Dictionary<string, Setting> s_byName = All.ToDictionary(setting => setting.Name);

    public static Setting? Find(string name) => s_byName.GetValueOrDefault(name);

    public static IEnumerable<string> Names => s_byName.Keys;
}
