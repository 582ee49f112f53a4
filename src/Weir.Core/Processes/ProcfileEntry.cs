namespace Weir.Core.Processes;

/// <summary>A process type as its Procfile has it.</summary>
/// <param name="Line">From 1.</param>
internal sealed record ProcfileEntry(string Name, string Command, int Line);
