namespace Weir.Core.Processes;

/// <summary>A process that holds an instance's listener open.</summary>
/// <param name="Threads">As the kernel counts them, helpers of the language's runtime among them.</param>
internal readonly record struct ListenerHolder(int Id, int Parent, int Threads);
