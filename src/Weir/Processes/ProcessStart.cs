namespace Weir.Processes;

/// <summary>What to start, and what of it Weir reads.</summary>
/// <param name="Words">Program (looked up in PATH where it has no slash) and arguments, passed on untouched.</param>
/// <param name="Environment">The whole environment.</param>
internal sealed record ProcessStart(IReadOnlyList<string> Words, IReadOnlyDictionary<string, string> Environment)
{
    public PipeUse Pipes { get; init; } = PipeUse.None;

    /// <summary>The working directory, absolute; null = Weir's own.</summary>
    public string? Folder { get; init; }

    /// <summary>Its standard input is empty, and not Weir's own: a server would take what a person types.</summary>
    public bool HasNoInput { get; init; }

    /// <summary>
    /// No guard ends it when Weir is killed (run.adopt). Not with a pipe: its next write would end it.
    /// </summary>
    public bool OutlivesWeir { get; init; }
}

/// <summary>Which stream is a pipe to Weir; the others are Weir's own.</summary>
internal enum PipeUse
{
    None,

    /// <summary>Weir writes its standard input.</summary>
    Input,

    /// <summary>Weir reads its standard output.</summary>
    Output,

    /// <summary>Weir reads its standard output and error as one.</summary>
    Outputs,
}
