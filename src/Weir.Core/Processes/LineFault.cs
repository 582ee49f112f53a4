namespace Weir.Core.Processes;

/// <summary>One thing wrong in a text that a person wrote.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Problem">What is wrong and how it is written.</param>
internal sealed record LineFault(int Line, string Problem);
