namespace Weir.Core.Processes.Lines;

/// <summary>One simple command of a line: its words after expansion, and the environment it would see.</summary>
/// <param name="Words">
/// Quotes removed, variables filled in. <see cref="ShellScript.Unknown"/> stands where only the shell could tell.
/// </param>
/// <param name="Environment">The line's own assignments are among them.</param>
/// <param name="IsBranch">Whether it runs at all is decided while the line runs (if, case, ||).</param>
internal sealed record ShellCommand(
    IReadOnlyList<string> Words, IReadOnlyDictionary<string, string> Environment, bool IsBranch);
