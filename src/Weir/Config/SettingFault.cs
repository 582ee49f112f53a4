namespace Weir.Config;

/// <summary>
/// One thing wrong with what Weir was told: which setting, where it stands, what is wrong and what to do.
/// </summary>
/// <param name="Where">"--queue-max-wait", "WEIR_QUEUE_MAX_WAIT" or "weir.yaml:12".</param>
/// <param name="IsWarning">True where Weir can start all the same.</param>
internal sealed record SettingFault(string Key, string Where, string Problem, bool IsWarning = false)
{
    public override string ToString() => Key.Length == 0 || Where.EndsWith(Key, StringComparison.Ordinal)
        ? $"{Where}: {Problem}"
        : $"{Where}: {Key}: {Problem}";
}
