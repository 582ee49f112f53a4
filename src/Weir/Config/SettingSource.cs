namespace Weir.Config;

/// <summary>
/// One setting as it is in force: name, value in its own notation, where it came from; secrets are masked.
/// </summary>
internal sealed record SettingSource(string Name, string Value, string Source);
