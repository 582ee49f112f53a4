namespace Weir.Caching;

/// <summary>One variant that is kept warm.</summary>
/// <param name="Name">Host and target, for people; never with a credential.</param>
/// <param name="Head">The whole head.</param>
internal sealed record WarmRequest(string Name, byte[] Head, bool IsTls);
