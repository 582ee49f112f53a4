namespace Weir.Verbs;

/// <summary>What was asked of a verb.</summary>
/// <param name="Values">Setting or flag name → value as written; a switch without a value is "on".</param>
/// <param name="Command">What stood behind "--".</param>
internal sealed record VerbCall(
    Dictionary<string, string> Values, IReadOnlyList<string> Words, IReadOnlyList<string> Command)
{
    /// <summary>Takes a flag that is no setting out of the values; null where it was not given.</summary>
    public string? Take(string name) => Values.Remove(name, out var value) ? value : null;
}
