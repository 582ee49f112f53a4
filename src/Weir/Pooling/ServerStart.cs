using Weir.Wires;

namespace Weir.Pooling;

/// <summary>A connection that has just logged in.</summary>
internal sealed record ServerStart(Wire Wire, ServerFacts Facts, ServerAddress Address);

/// <summary>The same before it became a wire.</summary>
internal sealed record ServerStream(ServerLine Line, ServerFacts Facts, ServerAddress Address)
{
    public Stream Stream => Line.Stream;
}
