namespace Weir.Config;

/// <summary>Intake, Outflow and spill: how much of slow clients' bodies is held, where, and for how long.</summary>
internal static class BodySettings
{
    private const long Second = 1_000_000;
    private const long Hour = 3_600 * Second;

    public static IReadOnlyList<Setting> Intake { get; } = [.. IntakeSizes(), .. IntakePace()];

    public static IReadOnlyList<Setting> Outflow { get; } =
    [
        new("outflow.memory", SettingKind.Size, "64KiB", "Of one answer in memory, before it goes to a spill file.")
        {
            Min = 4_096,
            Max = 1L << 30,
            Weir = (weir, value) => weir with { Outflow = weir.Outflow with { MemoryMax = value.Count } },
        },
        new("outflow.total-memory", SettingKind.Size, "auto",
            "Of all answers in memory. auto: a thirty-second of the memory limit.")
        {
            Min = 1L << 16,
            Zero = "auto",
            Weir = (weir, value) => weir with { Outflow = weir.Outflow with { TotalMemoryMax = value.Number } },
        },
        new("outflow.spill-max", SettingKind.Size, "1GiB", "Of one answer; past it the client's pace holds the worker.")
        {
            Weir = (weir, value) => weir with { Outflow = weir.Outflow with { SpillMax = value.Number } },
        },
        new("outflow.rate-min", SettingKind.Size, "1000",
            "Slowest reader in bytes a second, after the grace; slower ones are cut, H28.")
        {
            Min = 1,
            Max = int.MaxValue,
            Zero = "off",
            Weir = (weir, value) => weir with { Outflow = weir.Outflow with { RateMin = value.Count } },
        },
        new("outflow.rate-grace", SettingKind.Duration, "30s", "Time before the slowest rate is asked of a reader.")
        {
            Min = Second,
            Max = Hour,
            Weir = (weir, value) => weir with { Outflow = weir.Outflow with { RateGrace = value.Time } },
        },
        new("outflow.idle", SettingKind.Duration, "55s", "The client took no byte for so long: H28.")
        {
            Min = Second,
            Max = 24 * Hour,
            Weir = (weir, value) => weir with { Outflow = weir.Outflow with { Idle = value.Time } },
        },
    ];

    public static IReadOnlyList<Setting> Spill { get; } =
    [
        new("spill.directory", SettingKind.Text, "auto",
            "Where bodies go that memory should not hold. auto: /var/tmp/weir-UID.")
        {
            Zero = "auto",
            Check = text => text.StartsWith('/') ? (text, "") : (null, $"'{text}' is not an absolute path"),
            Weir = (weir, value) => weir with { Spill = weir.Spill with { Directory = value.Text } },
        },
        new("spill.max", SettingKind.Size, "auto",
            "Of all spill files; past it 503. auto: half of what is free there, at most 16GiB.")
        {
            Min = 1L << 20,
            Zero = "auto",
            Weir = (weir, value) => weir with { Spill = weir.Spill with { BytesMax = value.Number } },
        },
        new("spill.threads", SettingKind.Count, "2", "Threads that write and read spill files.")
        {
            Min = 2,
            Max = 4,
            Weir = (weir, value) => weir with { Spill = weir.Spill with { Threads = value.Count } },
        },
    ];

    private static IEnumerable<Setting> IntakeSizes() =>
    [
        new("intake.memory", SettingKind.Size, "64KiB", "Of one body in memory, before it goes to a spill file.")
        {
            Min = 4_096,
            Max = 1L << 30,
            Weir = (weir, value) => weir with { Intake = weir.Intake with { MemoryMax = value.Count } },
        },
        new("intake.body-max", SettingKind.Size, "1GiB", "Largest body (413); a route may set its own.")
        {
            Weir = (weir, value) => weir with { Intake = weir.Intake with { BodyMax = value.Number } },
        },
        new("intake.client-max", SettingKind.Size, "4GiB",
            "Unfinished bodies of one client address (503); IPv6 by /64.")
        {
            Min = 1L << 16,
            Weir = (weir, value) => weir with { Intake = weir.Intake with { ClientBytesMax = value.Number } },
        },
        new("intake.client-bodies", SettingKind.Count, "2000", "Unfinished bodies of one client address at once (503).")
        {
            Min = 1,
            Max = 1_000_000,
            Weir = (weir, value) => weir with { Intake = weir.Intake with { ClientBodiesMax = value.Count } },
        },
        new("intake.total-memory", SettingKind.Size, "auto",
            "Of all bodies in memory; over it they spill at once. auto: a thirty-second of the memory limit.")
        {
            Min = 1L << 16,
            Zero = "auto",
            Weir = (weir, value) => weir with { Intake = weir.Intake with { TotalMemoryMax = value.Number } },
        },
    ];

    private static IEnumerable<Setting> IntakePace() =>
    [
        new("intake.rate-min", SettingKind.Size, "1000", "Slowest body in bytes a second, after the grace; then 408.")
        {
            Min = 1,
            Max = int.MaxValue,
            Zero = "off",
            Weir = (weir, value) => weir with { Intake = weir.Intake with { RateMin = value.Count } },
        },
        new("intake.rate-grace", SettingKind.Duration, "30s", "Time before the slowest rate is asked of a body.")
        {
            Min = Second,
            Max = Hour,
            Weir = (weir, value) => weir with { Intake = weir.Intake with { RateGrace = value.Time } },
        },
        new("intake.idle", SettingKind.Duration, "55s", "No byte of a body for so long: 408, H28.")
        {
            Min = Second,
            Max = 24 * Hour,
            Weir = (weir, value) => weir with { Intake = weir.Intake with { Idle = value.Time } },
        },
        new("intake.time-max", SettingKind.Duration, "1h", "Time for a whole body; then 408.")
        {
            Min = Second,
            Max = 24 * Hour,
            Weir = (weir, value) => weir with { Intake = weir.Intake with { TimeMax = value.Time } },
        },
    ];
}
