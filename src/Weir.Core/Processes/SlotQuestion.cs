namespace Weir.Core.Processes;

/// <summary>What can be known of a server before it runs.</summary>
/// <param name="Line">The command as a shell would read it.</param>
/// <param name="Environment">What it will be given.</param>
/// <param name="ReadFile">A file's text by its path, relative to the app's folder; null where there is none.</param>
internal sealed record SlotQuestion(
    string Line, IReadOnlyDictionary<string, string> Environment, Func<string, string?> ReadFile)
{
    /// <summary>For configurations that count processors; one of each where it is not said.</summary>
    public ProcessorCounts Processors { get; init; } = new(1, 1, 1);

    /// <summary>Paths that match a pattern with * in its last part, as configurations include others.</summary>
    public Func<string, IReadOnlyList<string>> ListFiles { get; init; } = _ => [];
}
