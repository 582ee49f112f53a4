using Weir.Core.Pooling.Addresses;

namespace Weir.Pooling;

/// <summary>An open pooler, as who leads instances to it needs it.</summary>
/// <param name="Address">Where it listens, for people.</param>
/// <param name="Admit">A pass for the instance of that name.</param>
/// <param name="Adopt">Puts other options in force.</param>
internal sealed record PoolDoor(
    string Address, Func<string, DatabaseUrl, PoolPass> Admit, Action<PoolOptions> Adopt);
