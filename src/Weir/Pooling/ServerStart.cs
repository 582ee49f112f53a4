using Weir.Wires;

namespace Weir.Pooling;

/// <summary>A connection that has just logged in.</summary>
internal sealed record ServerStart(Wire Wire, ServerFacts Facts, ServerAddress Address);
