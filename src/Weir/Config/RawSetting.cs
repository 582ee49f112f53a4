namespace Weir.Config;

/// <summary>A value as it was written, before anything is known of it.</summary>
/// <param name="Items">The items of a YAML list; null where it was one text.</param>
/// <param name="Where">"--queue-max-wait", "WEIR_QUEUE_MAX_WAIT" or "weir.yaml:12".</param>
internal sealed record RawSetting(string Name, string Text, IReadOnlyList<string>? Items, string Where)
{
    public string Shown => Items is null ? Text : string.Join(',', Items);
}
