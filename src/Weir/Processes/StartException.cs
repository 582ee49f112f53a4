namespace Weir.Processes;

/// <summary>
/// A program that could not be started: a sentence for the person who named it, and a shell's exit code.
/// </summary>
internal sealed class StartException(string message, int exitCode) : Exception(message)
{
    /// <summary>127 not found, 126 found and not to be run, as shells have it.</summary>
    public int ExitCode { get; } = exitCode;
}
