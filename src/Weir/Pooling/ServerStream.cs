namespace Weir.Pooling;

/// <summary>A connection that has just logged in, and is no wire yet.</summary>
internal sealed record ServerStream(ServerLine Line, ServerFacts Facts, ServerAddress Address)
{
    public Stream Stream => Line.Stream;
}
