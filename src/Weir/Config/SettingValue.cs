namespace Weir.Config;

/// <summary>
/// A setting's value after reading: microseconds, bytes, a count, the index of a choice, or 0 and 1 of a switch.
/// </summary>
internal readonly record struct SettingValue(long Number, double Share, string Text, IReadOnlyList<string> Items)
{
    public SettingValue(long number)
        : this(number, 0, "", [])
    {
    }

    public TimeSpan Time => TimeSpan.FromTicks(Number * TimeSpan.TicksPerMicrosecond);

    public bool On => Number != 0;

    /// <summary>The table keeps every count within an int by its range.</summary>
    public int Count => checked((int)Number);
}
