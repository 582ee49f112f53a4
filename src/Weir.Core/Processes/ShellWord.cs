namespace Weir.Core.Processes;

/// <summary>A word of a shell's line.</summary>
/// <param name="Text">Without its quotes and escapes; expansions stand as they were written.</param>
/// <param name="Start">Where it begins in the line.</param>
/// <param name="IsLiteral">No expansion and no pattern: it is what it says.</param>
/// <param name="IsQuoted">Some of it stood in quotes or was escaped.</param>
internal readonly record struct ShellWord(string Text, int Start, bool IsLiteral, bool IsQuoted);
