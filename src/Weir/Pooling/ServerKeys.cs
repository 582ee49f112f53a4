using Weir.Core.Pooling.Secrets;

namespace Weir.Pooling;

/// <summary>
/// What a client's own SCRAM log-in gave: enough to log in as it where the server keeps the very same secret, with no
/// password known.
/// </summary>
internal sealed record ServerKeys(ScramSecret Secret, byte[] ClientKey);
