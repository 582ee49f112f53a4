namespace Weir.Fuzz;

/// <summary>A parser broke a promise: always a bug.</summary>
internal sealed class InvariantException(string message) : Exception(message);
