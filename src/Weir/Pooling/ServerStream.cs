using System.Net.Sockets;

namespace Weir.Pooling;

/// <summary>A connection that has just logged in, and is no wire yet.</summary>
internal sealed record ServerStream(Socket Socket, Stream Stream, ServerFacts Facts, ServerAddress Address);
