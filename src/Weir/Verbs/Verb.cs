namespace Weir.Verbs;

/// <summary>A verb of the command line: what it takes and what it does.</summary>
/// <param name="RunAsync">Gives the exit code.</param>
internal sealed record Verb(string Name, string Does, Func<VerbCall, Task<int>> RunAsync)
{
    /// <summary>The settings that are flags here; null = all of them.</summary>
    public IReadOnlyList<string>? Settings { get; init; } = [];

    /// <summary>Short flags of this verb alone: setting → flag ("pool.to" → "to").</summary>
    public IReadOnlyDictionary<string, string> Short { get; init; } = new Dictionary<string, string>();

    /// <summary>Flags that are no settings: name and meaning. A name that ends in "=" takes a value.</summary>
    public IReadOnlyList<(string Name, string Does)> Flags { get; init; } = [];

    /// <summary>Names of the words that follow, "[FILE]" where one may be left out.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>True where a command of the user's may follow behind "--".</summary>
    public bool TakesCommand { get; init; }
}
