namespace Weir.Core.Processes;

/// <summary>A variable of a .env file.</summary>
/// <param name="Line">From 1; where it begins.</param>
internal sealed record EnvEntry(string Name, string Value, int Line);
