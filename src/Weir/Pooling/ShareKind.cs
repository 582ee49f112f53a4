namespace Weir.Pooling;

/// <summary>
/// What pools have in common that share a bound. A pool that has part in several takes of them in this order.
/// </summary>
internal enum ShareKind : byte
{
    User,
    Database,
}
