using System.CommandLine;

namespace Weir.Verbs;

/// <summary>One flag of a verb: what it is called, and the setting or word that it gives a value.</summary>
internal sealed record VerbFlag(string Name, Option<string[]> Option)
{
    /// <summary>It may be given more than once.</summary>
    public bool Repeats { get; init; }

    /// <summary>Its value where none is behind it.</summary>
    public string Alone { get; init; } = "on";
}
