namespace Weir.Config;

/// <summary>The notation of a setting's value.</summary>
internal enum SettingKind : byte
{
    /// <summary>"250ms", "10s", "5m", "1h"; kept as microseconds.</summary>
    Duration,

    /// <summary>"512", "64KiB", "1GiB"; kept as bytes.</summary>
    Size,
    Count,

    /// <summary>"0.2" or "20%".</summary>
    Share,

    /// <summary>"on", "off", "true", "false", "yes", "no".</summary>
    Switch,

    /// <summary>One of a few words.</summary>
    Choice,
    Text,

    /// <summary>Texts, separated by commas outside the file.</summary>
    List,
}
