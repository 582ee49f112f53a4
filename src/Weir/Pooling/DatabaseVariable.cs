using Weir.Core.Pooling.Addresses;

namespace Weir.Pooling;

/// <summary>A variable of an app's environment that holds a PostgreSQL URL.</summary>
/// <param name="Url">With what libpq would add to it from the rest of the environment.</param>
/// <param name="Key">The same for the same place, user, password and TLS; never shown.</param>
internal sealed record DatabaseVariable(string Name, DatabaseUrl Url, string Key);
