namespace Weir.Processes;

/// <summary>One line of a Procfile, or the command given to <c>weir run</c> as <c>web</c>.</summary>
/// <param name="Name">"web".</param>
/// <param name="Line">As it was written: for people, and to find its slots.</param>
/// <param name="Words">What is executed: a shell with the line, or the command's own words.</param>
/// <param name="Place">Its place in the Procfile, from 0: ports are counted from it.</param>
internal sealed record ProcessType(string Name, string Line, IReadOnlyList<string> Words, int Place)
{
    /// <summary>Instances wanted.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The one that requests go to.</summary>
    public bool IsRouted => Name == "web";

    /// <summary>
    /// It says $WEIR_SOCKET, so it is given the path of a unix socket to bind, and no port is asked for.
    /// </summary>
    public bool UsesSocket { get; init; }

    /// <summary>What the line starts, where that can be told from it: looked for before a shell is started.</summary>
    public string? Program { get; init; }

    /// <summary>
    /// A shell may stay between Weir and the server (the line is more than one command): a signal to the leader alone
    /// ends the shell and nobody else.
    /// </summary>
    public bool KeepsShell { get; init; }
}
