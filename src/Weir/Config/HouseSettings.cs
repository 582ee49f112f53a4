using Weir.Ledger;

namespace Weir.Config;

/// <summary>Ledger, admin door, shutdown.</summary>
internal static class HouseSettings
{
    private const long Second = 1_000_000;

    public static IReadOnlyList<Setting> All { get; } =
    [
        new("log", SettingKind.Choice, "logfmt", "One line an exchange.")
        {
            Choices = ["logfmt", "json", "off"],
            Weir = (weir, value) => weir with { Ledger = weir.Ledger with { Log = (LogFormat)value.Number } },
        },
        new("log.file", SettingKind.Text, "stdout", "Where the log goes.")
        {
            Zero = "stdout",
            Weir = (weir, value) => weir with { Ledger = weir.Ledger with { File = value.Text } },
        },
        new("log.recent", SettingKind.Count, "1000", "Records kept in memory for weir dump.")
        {
            Max = 1_000_000,
            Weir = (weir, value) => weir with { Ledger = weir.Ledger with { RecentMax = value.Count } },
        },
        new("record", SettingKind.Text, "off",
            "A file that every routing step is recorded to, for weir simulate --replay.")
        {
            Zero = "off",
            Weir = (weir, value) => weir with { Record = weir.Record with { File = value.Text } },
        },
        new("record.max", SettingKind.Size, "1GiB", "A recording ends at this size; some 50 bytes a request.")
        {
            Min = 1024 * 1024,
            Weir = (weir, value) => weir with { Record = weir.Record with { BytesMax = value.Number } },
        },
        new("admin", SettingKind.Text, "127.0.0.1:9900",
            "The admin door (the next free port if taken), unix:/path, or off.")
        {
            Check = AddressText.Admin,
            Weir = (weir, value) => weir with { Admin = weir.Admin with { Listen = value.Text } },
        },
        new("admin.token", SettingKind.Text, "none",
            "Needed to act over TCP; none: acting only over the unix socket. May be file:/path.")
        {
            Zero = "none",
            Secret = true,
            Weir = (weir, value) => weir with { Admin = weir.Admin with { Token = value.Text } },
        },
        new("shutdown.deadline", SettingKind.Duration, "25s", "For a whole shutdown; platforms kill at 30s.")
        {
            Min = Second,
            Max = 3_600 * Second,
            Weir = (weir, value) => weir with { ShutdownDeadline = value.Time },
        },
        new("quiet", SettingKind.Switch, "off", "No banner.")
        {
            Weir = (weir, value) => weir with { Quiet = value.On },
        },
    ];
}
