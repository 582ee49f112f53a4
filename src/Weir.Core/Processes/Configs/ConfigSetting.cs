namespace Weir.Core.Processes.Configs;

/// <summary>A setting as a configuration leaves it.</summary>
/// <param name="Values">Its arguments; one in most.</param>
/// <param name="Line">Where it was set last, from 1.</param>
internal sealed record ConfigSetting(IReadOnlyList<ConfigValue> Values, int Line)
{
    public static ConfigSetting UnknownAt(int line) => new([ConfigValue.Unknown], line);
}
