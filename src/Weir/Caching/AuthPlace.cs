using Weir.Core.Caching;

namespace Weir.Caching;

/// <summary>A path on which the app shows whether it takes a credential, and the route for which that counts.</summary>
/// <param name="Path">Raw, with its query.</param>
internal sealed record AuthPlace(byte[] Path, ulong Scope, CachePolicy Policy);
